"""What somebody sees who may not see a page: polite, complete in itself, telling nothing of the hall."""

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse, Response

from hall_server.console.access import SECURITY_HEADERS
from hall_server.console.stylesheet import families, tokens

WORDS: dict[int, tuple[str, str]] = {
    400: ("请用本机地址打开", "这个地址不是控制台的地址。请用启动时给出的地址打开。"),
    401: ("请先验证", "请用大厅服务器启动时给出的完整地址打开控制台；服务器重启后需要重新打开。"),
    403: ("没有执行", "这个请求不是从控制台页面发出的，没有执行。"),
    404: ("没有这一页", "请从控制台首页重新进入。"),
    405: ("没有执行", "控制台不接受这样的请求。"),
    413: ("内容过长", "控制台不接受这么长的内容。"),
    422: ("地址有误", "地址里的条件无法识别，请从页面上重新选择。"),
    500: ("暂时无法显示", "控制台暂时读不到数据，请稍后刷新；取号和叫号不受影响。"),
}


def page(status: int) -> Response:
    """Return a whole page for a refusal; it says what to do next."""
    title, told = WORDS.get(status, WORDS[500])
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(told)}</p></main></body></html>"
    )
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    headers = {**SECURITY_HEADERS, "Content-Security-Policy": policy}
    return HTMLResponse(html, status_code=status, headers=headers)


def _style() -> str:
    """Return the style of the page. Inline, because files too are behind the gate; allowed by its own digest."""
    colours = tokens().colours
    return (
        f"body{{margin:0;background:{colours.paper};color:{colours.ink};font:20px/1.7 {families()}}}"
        "main{max-width:32em;margin:18vh auto;padding:0 24px}h1{font-size:32px;line-height:1.3;margin:0 0 12px}"
        f"p{{margin:0;text-wrap:pretty;color:{colours.ink_soft}}}"
    )
