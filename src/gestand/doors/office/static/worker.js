// Holds the token of the session and the key it is bound to (RFC 9449). Neither can be asked of it: a page says what to
// fetch, and gets what came back. Both are gone with the tab.
'use strict';
const PLAIN = new Set(['/office/sign-in/begin', '/office/enrol/begin']);
const ENTER = new Set(['/office/sign-in/finish', '/office/sign-in/password', '/office/enrol/finish', '/office/enrol/password']);
let key = null;
let jwk = null;
let token = null;
let ahead = 0; // seconds by which the server's clock runs ahead of this one

const text = new TextEncoder();
const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const coded = (value) => base64(text.encode(JSON.stringify(value)));

async function proof(method, address) {
  if (key === null) {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    key = pair.privateKey;
    jwk = { kty, crv, x, y };
  }
  const claims = {
    jti: base64(crypto.getRandomValues(new Uint8Array(16))), htm: method, htu: address.origin + address.pathname,
    iat: Math.floor(Date.now() / 1000) + ahead,
  };
  if (token !== null) claims.ath = base64(await crypto.subtle.digest('SHA-256', text.encode(token)));
  const said = `${coded({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${coded(claims)}`;
  return `${said}.${base64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, text.encode(said)))}`;
}

function own(path) {
  const address = new URL(path, self.location.origin);
  if (address.origin !== self.location.origin || !address.pathname.startsWith('/office/')) throw new Error('foreign address');
  return address;
}

async function gate({ path, body, language }) {
  const address = own(path);
  const enters = ENTER.has(address.pathname);
  const headers = { 'Content-Type': 'application/json', 'Accept-Language': language };
  if (!PLAIN.has(address.pathname)) headers.DPoP = await proof('POST', address);
  if (!PLAIN.has(address.pathname) && !enters) headers.Authorization = `DPoP ${token}`;
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body), cache: 'no-store', redirect: 'error' });
  const found = await answer.json();
  if (answer.ok && Number.isInteger(found.now)) ahead = found.now - Math.floor(Date.now() / 1000);
  if (answer.ok && enters) {
    token = found.token;
    delete found.token;
  }
  return { ok: answer.ok, status: answer.status, found };
}

async function page({ path, method, fields }) {
  if (token === null) return { status: 401, code: 'session', html: '' };
  const address = own(path);
  const headers = { Authorization: `DPoP ${token}`, DPoP: await proof(method, address) };
  let body;
  if (method === 'POST') {
    const files = fields.some(([, value]) => value instanceof Blob);
    body = files ? new FormData() : new URLSearchParams();
    for (const [name, value] of fields) body.append(name, value);
  }
  const answer = await fetch(address, { method, headers, body, cache: 'no-store', redirect: 'error' });
  const told = (name) => answer.headers.get(name) || '';
  const shown = { status: answer.status, code: told('office-code'), title: decodeURIComponent(told('office-title')), location: told('office-location') };
  const kept = told('content-disposition').match(/^attachment; filename\*=UTF-8''(.+)$/);
  if (kept) return { ...shown, name: decodeURIComponent(kept[1]), blob: await answer.blob() };
  return { ...shown, html: await answer.text() };
}

const VERBS = { gate, page, forget: async () => { token = null; key = null; return {}; } };
self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ id: data.id, result: await VERBS[data.verb](data) });
  } catch (fault) {
    self.postMessage({ id: data.id, fault: String(fault && fault.message) });
  }
};
