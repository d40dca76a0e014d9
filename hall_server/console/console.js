"use strict";
// Keeps a page alive: asks for its living part every two seconds and puts it in place only when it has changed,
// never while somebody is selecting text in it. Says so once when the server is away, and once when it is back.

const EVERY_MS = 2000;
const ANSWER_MS = 8000;
const live = document.querySelector("#live");
const at = document.querySelector("#at");
const trouble = document.querySelector("#trouble");
let shown = "";

function selecting() {
  const selection = window.getSelection();
  return selection && !selection.isCollapsed && live.contains(selection.anchorNode);
}

function say(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

function place(text) {
  if (text === shown || selecting()) return;
  const kept = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  live.innerHTML = text; // our own page, escaped by the server
  shown = text;
  if (kept) live.querySelector(`a[href="${CSS.escape(kept)}"]`)?.focus({ preventScroll: true });
}

async function look() {
  try {
    const answer = await fetch(location.href, {
      headers: { "X-Live": "1" },
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 401) {
      say("登录已失效，请用启动时给出的完整地址重新打开控制台。");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    place(await answer.text());
    at.textContent = answer.headers.get("X-At") || at.textContent;
    say("");
  } catch {
    say(`暂时连不上大厅服务器，正在重试；下面是 ${at.textContent} 的情况。`);
  }
  window.setTimeout(look, EVERY_MS);
}

if (live) window.setTimeout(look, EVERY_MS);

const button = document.querySelector("#verify");
if (button) {
  const verdict = document.querySelector("#verdict");
  button.addEventListener("click", async () => {
    button.disabled = true;
    verdict.className = "";
    verdict.textContent = "正在逐条核对，请稍候……";
    try {
      const answer = await fetch("/ledger/verify", { method: "POST" });
      const told = await answer.json();
      if (told.running) {
        verdict.textContent = "另一次校验正在进行，请稍候再试。";
      } else if (told.broken_at === null) {
        verdict.className = "good";
        verdict.textContent = `${told.entries} 条全部吻合，链首 ${told.chain_head.slice(0, 12)}。`;
      } else {
        verdict.className = "bad";
        verdict.textContent = `第 ${told.broken_at} 条起不吻合，之前的 ${told.entries} 条完好。请保留现场并联系维护人员。`;
      }
    } catch {
      verdict.textContent = "没有校验成，请稍后再试。";
    }
    button.disabled = false;
  });
}
