// Puts the code of a link in its field and takes it out of the address. It sends nothing: a person presses the button.
(() => {
  const field = document.getElementById("code");
  const code = location.hash.slice(1);
  if (!field || !/^[A-Za-z0-9_-]{43}$/.test(code)) return;
  field.value = code;
  history.replaceState(null, "", location.pathname);
})();
