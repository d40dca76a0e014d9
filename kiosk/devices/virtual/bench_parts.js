"use strict";
// The parts of the page for what hangs in the hall and stands at the windows. `bench_page.js` calls them.

const GRADES = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"];
const ZONES = (zone) => (zone && zone !== "all" ? `${zone} 区` : "全厅");
const codes = new Map();
const heard = new Audio();

function plain(device, open) {
  return make("article", {}, head(device), faults(device, open));
}

function bars(device, open) {
  const can = (action) => device.actions.includes(action);
  const shown = device.state.bars.map((bar) => {
    const at = { address: bar.address };
    const hands = [bar.powered ? button(device, "power_off", at) : button(device, "power_on", at)];
    if (can("silence")) hands.push(bar.silent ? button(device, "answer", at) : button(device, "silence", at));
    if (can("busy")) hands.push(button(device, "busy", at), button(device, "wrong_crc", at));
    const source = `/device/${device.name}/bar/${bar.address}.png?v=${bar.updates ?? bar.frames}-${bar.powered}-${encodeURIComponent(bar.text)}`;
    return make("div", { class: "bar" },
      make("p", {}, make("b", {}, `${bar.address} 号窗口`), bar.powered ? "" : "（没有电）", make("span", { class: "row" }, ...hands)),
      make("img", { src: source, alt: bar.text || "条屏是暗的" }));
  });
  const mend = device.state.plugged ? null : make("div", { class: "row mend" }, button(device, "replug", {}, null, { class: "main" }));
  return make("article", {}, head(device), mend, ...shown, faults(device, open));
}

function keypads(device, open) {
  const state = device.state;
  const press = (key, words) => button(device, "press", { key }, [words]);
  const digit = (value) => button(device, "digit", { value }, [String(value)]);
  const screen = make("div", { class: "digits", role: "img", "aria-label": `等待 ${state.waiting || "无"}，号码 ${state.ticket || "无"}` },
    make("span", {}, make("small", {}, "等待"), make("b", {}, state.waiting || "---")),
    make("span", {}, make("small", {}, "号码"), make("b", {}, state.ticket || "---")));
  const pad = make("div", { class: "pad" },
    ...[1, 2, 3].map(digit), press("call", "呼叫"), press("recall", "重呼"),
    ...[4, 5, 6].map(digit), press("evaluate", "评价"), press("transfer", "转移"),
    ...[7, 8, 9].map(digit), press("line", "一米线"), press("pause", "暂停"),
    press("cancel", "取消"), digit(0), press("confirm", "确认"), press("hold", "挂起"), press("give_up", "弃号"));
  const grades = GRADES.map((words, index) => button(device, "grade", { index }, [words], { disabled: !state.lit }));
  const rating = make("div", { class: state.lit ? "grades lit" : "grades" },
    make("p", { class: "quiet" }, state.lit ? "评价器亮着，请按一个键" : "评价器是暗的"), make("div", { class: "row" }, ...grades));
  const missed = state.unanswered ? make("p", { class: "quiet" }, `${state.unanswered} 次按键没有得到回应`) : null;
  const mend = state.plugged ? null : make("div", { class: "row mend" }, button(device, "replug", {}, null, { class: "main" }));
  return make("article", {}, head(device), mend, screen, pad, missed, rating, faults(device, open));
}

function ago(seconds) {
  if (seconds < 60) return "刚才";
  return `${Math.floor(seconds / 60)} 分钟前`;
}

function listen(device, entry) {
  return make("button", { type: "button", click: () => {
    heard.src = `/device/${device.name}/sound/${entry.number}.wav`;
    heard.play();
  } }, "听");
}

function speaker(device, open, told) {
  const said = told.speech.filter((entry) => entry.device === device.name).reverse();
  const sounds = Math.max(0, ...said.map((entry) => entry.number)) - 20;
  const lines = said.map((entry) => {
    const facts = [ago(entry.ago_s), ZONES(entry.zone), `音量 ${entry.volume}`, `${entry.seconds.toFixed(1)} 秒`];
    if (entry.end === "cut") facts.push("没有说完");
    const sound = entry.private || entry.number <= sounds ? null : listen(device, entry);
    const place = entry.private ? make("em", {}, "只在耳机里") : make("em", {}, "公开");
    return make("li", {}, make("div", { class: "said" }, make("b", {}, entry.caption), sound),
      make("small", {}, place, ` ${facts.join(" · ")}`), make("small", {}, entry.pinyin));
  });
  const list = lines.length ? make("ol", { class: "speech" }, ...lines) : make("p", { class: "quiet" }, "还没有播报");
  return make("article", {}, head(device), list, faults(device, open));
}

function jack(device, open) {
  const hand = device.state.plugged ? button(device, "pull") : button(device, "plug", {}, null, { class: "main" });
  const rest = make("details", { open }, make("summary", {}, "故障与意外"), make("div", { class: "row" }, button(device, "lose")));
  return make("article", {}, head(device), make("div", { class: "row" }, hand), rest);
}

function scanner(device, open) {
  const code = make("input", { type: "text", maxlength: 500, placeholder: "号单上的二维码内容", "aria-label": "要扫的码", value: codes.get(device.name) || "" });
  code.addEventListener("input", () => codes.set(device.name, code.value));
  const hold = make("button", { type: "button", class: "main", click: () => code.value && act(device.name, "scan", { text: code.value }) }, "扫一下");
  const lie = make("button", { type: "button", click: () => code.value && act(device.name, "lie", { text: code.value }) }, "放着不拿走");
  const mend = device.state.plugged ? null : make("div", { class: "row mend" }, button(device, "replug", {}, null, { class: "main" }));
  return make("article", {}, head(device), mend, code, make("div", { class: "row scan" }, hold, lie), faults(device, open));
}
