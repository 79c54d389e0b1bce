/* Runs in every frame before the page's own scripts. Reports what is written on the device or read from it, also if it is
   gone again a moment later. It reports names and hosts, never values. */
(() => {
  'use strict';
  const tell = (kind, what) => { try { window.__gestandSeen(kind, String(what).slice(0, 400)); } catch { /* a frame that is gone */ } };
  const wrap = (owner, name, before) => {
    const real = owner && owner[name];
    if (typeof real !== 'function') return;
    owner[name] = function (...args) { try { before.apply(this, args); } catch { /* never disturb the page */ } return real.apply(this, args); };
  };
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (cookie && cookie.set) {
    Object.defineProperty(Document.prototype, 'cookie', {
      configurable: true, enumerable: true, get() { return cookie.get.call(this); },
      set(value) { tell('cookie', String(value).split('=')[0].trim()); return cookie.set.call(this, value); },
    });
  }
  if (window.CookieStore) wrap(CookieStore.prototype, 'set', (first) => tell('cookie', typeof first === 'object' ? first.name : first));
  if (window.Storage) {
    wrap(Storage.prototype, 'setItem', function (key) {
      let kind = 'localStorage';
      try { if (this === window.sessionStorage) kind = 'sessionStorage'; } catch { /* an opaque origin */ }
      tell(kind, key);
    });
  }
  if (window.IDBFactory) wrap(IDBFactory.prototype, 'open', (name) => tell('indexedDB', name));
  if (window.CacheStorage) wrap(CacheStorage.prototype, 'open', (name) => tell('cacheStorage', name));
  if (window.StorageManager) wrap(StorageManager.prototype, 'getDirectory', () => tell('fileSystem', 'private file system'));
  if (window.ServiceWorkerContainer) wrap(ServiceWorkerContainer.prototype, 'register', (url) => tell('service', new URL(url, location.href)));
  for (const [name, kind] of [['Worker', 'dedicated'], ['SharedWorker', 'shared']]) {
    const Real = window[name];
    if (Real) window[name] = new Proxy(Real, { construct(target, args) { tell(kind, new URL(args[0], location.href)); return Reflect.construct(target, args); } });
  }
  wrap(Navigator.prototype, 'sendBeacon', (url) => tell('sendBeacon', new URL(url, location.href)));
  wrap(window, 'fetch', (input, init) => { if (init && init.keepalive) tell('keepalive', new URL(input.url || input, location.href)); });
  wrap(HTMLCanvasElement.prototype, 'toDataURL', () => tell('canvas', 'toDataURL'));
  wrap(HTMLCanvasElement.prototype, 'toBlob', () => tell('canvas', 'toBlob'));
  wrap(CanvasRenderingContext2D.prototype, 'getImageData', () => tell('canvas', 'getImageData'));
  let measured = 0;
  wrap(CanvasRenderingContext2D.prototype, 'measureText', () => { measured += 1; if (measured === 50) tell('fonts', 'measureText'); });
  for (const gl of [window.WebGLRenderingContext, window.WebGL2RenderingContext]) {
    if (gl) wrap(gl.prototype, 'getParameter', (which) => { if (which === 37445 || which === 37446) tell('webgl', 'renderer'); });
  }
  if (window.OfflineAudioContext) wrap(OfflineAudioContext.prototype, 'startRendering', () => tell('audio', 'OfflineAudioContext'));
  if (window.RTCPeerConnection) wrap(RTCPeerConnection.prototype, 'createOffer', () => tell('webrtc', 'RTCPeerConnection'));
})();
