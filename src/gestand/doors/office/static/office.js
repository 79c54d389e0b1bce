// The office in a tab: signs in, follows links and forms through the worker, shows what the server made of them.
// It keeps nothing: no token (the worker has it) and nothing on the device.
'use strict';
(() => {
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy('office', {
        createHTML: (html) => html, // pages of our own server; scripts in it never run (Content-Security-Policy)
        createScriptURL: (url) => { if (url !== '/office/static/worker.js') throw new TypeError(url); return url; },
      })
    : { createHTML: (html) => html, createScriptURL: (url) => url };
  const root = document.getElementById('office');
  const door = document.getElementById('door');
  const notice = document.getElementById('notice');
  const live = document.getElementById('live');
  const again = document.getElementById('again');
  const words = document.body.dataset;
  const language = document.documentElement.lang;
  const IDLE = 15 * 60 * 1000;
  let worker = null;
  let number = 0;
  let idle = 0;
  let code = '';
  const waiting = new Map();

  function ask(verb, message) {
    if (worker === null) { // on the first click: who only looks at the door starts nothing
      worker = new Worker(policy.createScriptURL('/office/static/worker.js'));
      worker.onmessage = ({ data }) => {
        const [yes, no] = waiting.get(data.id);
        waiting.delete(data.id);
        if (data.fault === undefined) yes(data.result); else no(new Error(data.fault));
      };
    }
    number += 1;
    return new Promise((yes, no) => {
      waiting.set(number, [yes, no]);
      worker.postMessage({ id: number, verb, ...message });
    });
  }

  async function gate(path, body = {}) {
    const { ok, found } = await ask('gate', { path, body, language });
    if (!ok) throw new Error(found.error);
    return found;
  }

  // Passkeys: bytes travel as base64url
  const bytes = (coded) => Uint8Array.from(atob(coded.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const coded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  function answerOf(credential) {
    const response = {};
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[name]) response[name] = coded(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return { id: credential.id, rawId: coded(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
  }

  async function show(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: [] };
    return answerOf(await navigator.credentials.get({ publicKey }));
  }

  async function make(options) {
    const publicKey = {
      ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials || []).map((known) => ({ ...known, id: bytes(known.id) })),
    };
    return answerOf(await navigator.credentials.create({ publicKey }));
  }

  // Telling
  function say(message, bad = true) {
    notice.replaceChildren();
    if (!message) return;
    const line = document.createElement('p');
    line.className = bad ? 'told bad' : 'told';
    line.textContent = message;
    notice.append(line);
    notice.scrollIntoView({ block: 'nearest' });
  }

  const fault = (error) => say(error.name === 'NotAllowedError' ? words.cancelled : error.message || words.broken);

  function panel(name) {
    for (const part of door.querySelectorAll('[data-panel]')) part.hidden = part.dataset.panel !== name;
    say('');
    const first = door.querySelector(`[data-panel="${name}"]`).querySelector('h1');
    first.focus();
  }

  function shut() {
    if (worker !== null) worker.terminate();
    worker = null;
    waiting.clear();
    clearTimeout(idle);
    root.replaceChildren();
    root.hidden = true;
    door.hidden = false;
    document.title = words.title;
    panel('sign-in');
  }

  // Pages
  async function load(path, { method = 'GET', fields = [], push = true, retried = false } = {}) {
    document.body.setAttribute('aria-busy', 'true');
    try {
      const [plain, spot] = path.split('#');
      const result = await ask('page', { path: plain, method, fields });
      if (result.status === 401) { shut(); say(words.over); return; }
      if (result.code === 'not-fresh' && !retried) {
        if (await fresh()) await load(path, { method, fields, push, retried: true });
        return;
      }
      clearTimeout(idle);
      idle = setTimeout(() => { shut(); say(words.over); }, IDLE);
      if (result.location) { await load(result.location); return; }
      if (result.blob) { save(result); return; }
      if (result.status >= 400) { // the page there is stays, and what was typed in it
        const today = `/office/${language}/today`;
        if (!root.querySelector('main') && plain !== today) await load(today, { push: false });
        notice.innerHTML = policy.createHTML(result.html);
        notice.scrollIntoView({ block: 'nearest' });
        return;
      }
      if (push && method === 'GET' && path !== location.pathname + location.search) history.pushState(null, '', path);
      place(result, spot);
    } finally {
      document.body.removeAttribute('aria-busy');
    }
  }

  function place(result, spot) {
    say('');
    root.innerHTML = policy.createHTML(result.html);
    root.hidden = false;
    door.hidden = true;
    document.title = result.title ? `${result.title} · ${words.firm}` : words.title;
    const found = spot && document.getElementById(spot);
    const aim = root.querySelector('[data-focus]') || root.querySelector('main');
    if (aim) aim.focus({ preventScroll: true });
    if (found) { found.classList.add('aimed'); found.scrollIntoView({ block: 'center' }); } else window.scrollTo(0, 0);
    live.textContent = result.title || '';
  }

  function save({ blob, name }) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(`${words.saved} ${name}`, false);
  }

  async function frame(button) { // what a stranger wrote: in a frame without scripts, forms, addresses or an origin
    const result = await ask('page', { path: button.dataset.path, method: 'GET', fields: [] });
    if (result.status === 401) { shut(); say(words.over); return; }
    if (!result.blob) { notice.innerHTML = policy.createHTML(result.html); return; }
    const shown = document.createElement('iframe');
    shown.setAttribute('sandbox', '');
    shown.className = 'message';
    shown.title = button.dataset.title;
    shown.tabIndex = 0;
    shown.src = URL.createObjectURL(result.blob);
    shown.addEventListener('load', () => URL.revokeObjectURL(shown.src));
    button.replaceWith(shown);
    shown.focus();
  }

  const entered = () => load(/\/office\/(nl|en)\/(enrol)?$/.test(location.pathname) ? `/office/${language}/today` : location.pathname + location.search);

  async function fresh() {
    const { options, ticket, how } = await gate('/office/key/fresh');
    if (how === 'passkey') {
      await gate('/office/key/again', { ticket, answer: await show(options) });
      return true;
    }
    again.showModal();
    const typed = await new Promise((yes) => { again.onclose = () => yes(again.returnValue === 'yes' ? valuesOf(again.querySelector('form')) : null); });
    if (typed === null) return false;
    await gate('/office/key/again', typed);
    return true;
  }

  const valuesOf = (form) => Object.fromEntries(new FormData(form));

  const DOOR = {
    'sign-in': async () => {
      const { options, ticket } = await gate('/office/sign-in/begin');
      await gate('/office/sign-in/finish', { ticket, answer: await show(options) });
      await entered();
    },
    password: async (form) => {
      await gate('/office/sign-in/begin'); // sets the clock of the proofs
      await gate('/office/sign-in/password', valuesOf(form));
      form.reset();
      await entered();
    },
    enrol: async (form) => {
      const typed = { ...valuesOf(form), code };
      const { options, ticket } = await gate('/office/enrol/begin', typed);
      printed(await gate('/office/enrol/finish', { ...typed, ticket, answer: await make(options) }));
    },
    app: async (form) => {
      const typed = { ...valuesOf(form), code };
      const { secret, address, picture, ticket } = await gate('/office/enrol/begin', { ...typed, app: true });
      door.querySelector('[data-secret]').textContent = secret;
      if (address.startsWith('otpauth://totp/')) door.querySelector('[data-address]').href = address;
      draw(door.querySelector('[data-picture]'), picture);
      form.dataset.ticket = ticket;
      panel('enrol-app');
    },
    'enrol-app': async (form) => {
      const before = valuesOf(door.querySelector('form[data-door="enrol"]'));
      const ticket = door.querySelector('form[data-door="enrol"]').dataset.ticket;
      printed(await gate('/office/enrol/password', { ...before, ...valuesOf(form), code, ticket }));
      form.reset();
    },
    printed: async () => { history.replaceState(null, '', `/office/${language}/today`); await entered(); },
  };

  function draw(picture, { side, path }) {
    picture.setAttribute('viewBox', `0 0 ${side} ${side}`);
    picture.querySelector('path').setAttribute('d', path);
  }

  function printed(found) {
    code = '';
    door.querySelector('[data-printed]').textContent = found.printed;
    panel('printed');
  }

  async function addKey(form) {
    let asked;
    try { asked = await gate('/office/key/another'); } catch { if (!(await fresh())) return; asked = await gate('/office/key/another'); }
    await gate('/office/key/add', { ...valuesOf(form), ticket: asked.ticket, answer: await make(asked.options) });
    await load(location.pathname);
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    const by = event.submitter;
    if (form.method === 'dialog') return;
    event.preventDefault();
    if (form.dataset.ask && !window.confirm(form.dataset.ask)) return;
    const name = (by && by.dataset.door) || form.dataset.door;
    if (name) { DOOR[name](form).catch(fault); return; }
    if (form.hasAttribute('data-another-key')) { addKey(form).catch(fault); return; }
    const fields = [...new FormData(form, by || undefined)];
    const path = (by && by.getAttribute('formaction')) || form.getAttribute('action');
    if (form.method === 'get') load(`${path}?${new URLSearchParams(fields)}`).catch(fault);
    else load(path, { method: 'POST', fields }).catch(fault);
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="/office/"]');
    if (link && root.contains(link) && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      load(link.getAttribute('href')).catch(fault);
    }
    const button = event.target.closest('[data-do]');
    if (!button) return;
    if (button.dataset.do === 'print') window.print();
    if (button.dataset.do === 'frame') frame(button).catch(fault);
    if (button.dataset.do === 'panel') panel(button.dataset.to);
    if (button.dataset.do === 'sign-out') gate('/office/sign-out').catch(() => {}).then(() => { shut(); say(words.out, false); });
  });

  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submits]')) event.target.form.requestSubmit();
  });

  let pause = 0;
  let typed = 0;
  document.addEventListener('input', (event) => { // a draft is judged while it is typed; of two answers the newer one counts
    const form = event.target.form;
    if (!form || !form.dataset.live) return;
    const turn = ++typed;
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const result = await ask('page', { path: form.dataset.live, method: 'POST', fields: [...new FormData(form)] });
      const judged = document.getElementById('judged');
      if (judged && turn === typed && result.status === 200) judged.innerHTML = policy.createHTML(result.html);
    }, 700);
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'F2' && !root.hidden) { event.preventDefault(); load(`/office/${language}/call`).catch(fault); }
  });

  window.addEventListener('popstate', () => { if (!root.hidden) load(location.pathname + location.search, { push: false }).catch(fault); });

  if (location.pathname.endsWith('/enrol')) { // the code is in the fragment: no server, log or referrer ever had it
    code = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
    panel('enrol');
  }
})();
