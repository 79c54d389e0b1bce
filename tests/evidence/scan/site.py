"""A test site on two hosts: ``127.0.0.1`` its own, ``localhost`` another party. Each path does one thing that must be found."""

from __future__ import annotations

import itertools

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def page(body: str, **headers: str) -> HTMLResponse:
    return HTMLResponse(f"<!doctype html><title>t</title><body>{body}", headers=headers)


SCRIPTS = {
    "script-cookie": "document.cookie = 'spy=1; max-age=86400'",
    "cookie-gone": "document.cookie = 'brief=1'; document.cookie = 'brief=; max-age=0'",
    "local": "localStorage.setItem('visitor', '1')",
    "local-gone": "localStorage.setItem('flash', '1'); localStorage.removeItem('flash')",
    "session": "sessionStorage.setItem('tab', '1')",
    "indexed": "indexedDB.open('shelf')",
    "cache": "caches.open('drawer')",
    "files": "navigator.storage.getDirectory().then(d => d.getFileHandle('note.txt', {create: true}))",
    "service": "navigator.serviceWorker.register('/worker.js')",
    "dedicated": "new Worker('/worker.js')",
    "beacon": "navigator.sendBeacon('/collect', 'x')",
    "keepalive": "fetch('/collect', {method: 'POST', keepalive: true})",
    "canvas": "document.createElement('canvas').toDataURL()",
    "webgl": "const g = document.createElement('canvas').getContext('webgl'); if (g) g.getParameter(37446); else WebGLRenderingContext.prototype.getParameter.call(null, 37446)",
    "audio": "new OfflineAudioContext(1, 10, 8000).startRendering()",
    "webrtc": "new RTCPeerConnection().createOffer()",
}


def site(other: str) -> Starlette:
    """``other``: the address of the other party, without a slash at the end."""
    counter = itertools.count()

    def scripted(request: Request) -> Response:
        return page(f"<script>try {{ {SCRIPTS[request.path_params['what']]} }} catch (e) {{}}</script>")

    bodies = {
        "clean": '<p>Niets. <a href="https://example.org/elsewhere">a plain link</a></p>',
        "crawl": '<a href="/clean">1</a> <a href="/js/local">2</a> <a href="/clean#again">3</a>',
        "third": f'<img src="{other}/dot.png"><script src="{other}/lib.js"></script>',
        "frame": f'<iframe src="{other}/framed"></iframe>',
        "pixel": '<img src="/dot.gif">',
        "ping": '<a href="/clean" ping="/collect">x</a>',
        "hint": f'<link rel="preconnect" href="{other}">',
        "form": '<form method="post" action="/sent"><input type="email" name="e"><button>Go</button></form>',
    }

    def plain(request: Request) -> Response:
        return page(bodies[request.path_params["what"]])

    def http_cookie(_request: Request) -> Response:
        return page("x", **{"set-cookie": "hard=1; Max-Age=3600; Path=/"})

    def etag(_request: Request) -> Response:
        return page("x", etag=f'"{next(counter)}"')

    async def collect(_request: Request) -> Response:
        return Response(status_code=204, headers={"set-cookie": "late=1; Path=/"})

    def gif(_request: Request) -> Response:
        return Response(GIF, media_type="image/gif")

    def framed(_request: Request) -> Response:
        return page("<script>document.cookie = 'inner=1'</script>")

    return Starlette(
        routes=[
            Route("/js/{what}", scripted),
            Route("/http-cookie", http_cookie),
            Route("/etag", etag),
            Route("/collect", collect, methods=["POST"]),
            Route("/sent", http_cookie, methods=["POST"]),
            Route("/dot.gif", gif),
            Route("/dot.png", gif),
            Route("/framed", framed),
            Route("/lib.js", lambda _r: Response("window.x = 1", media_type="text/javascript")),
            Route("/worker.js", lambda _r: Response("self.y = 1", media_type="text/javascript")),
            Route("/favicon.ico", lambda _r: Response(status_code=204)),
            Route("/{what}", plain),
        ]
    )
