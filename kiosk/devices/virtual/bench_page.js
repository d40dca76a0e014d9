"use strict";
// Shows what /api/state tells, twice a second; every button is one POST. Parts are rebuilt only when they changed.

const TITLES = { sam: "身份证阅读器", social_card: "社保卡读卡器", printer: "打印机", led_bars: "窗口条屏", speaker: "音响" };
const PLACES = { sam: "readers", social_card: "readers", printer: "printers", led_bars: "hall", speaker: "hall" };
const WORDS = {
  lift_mid_read: "读到一半拿走", silence: "不再应答", answer: "恢复应答", garble_next: "下一答出错", truncate_next: "下一答不全",
  noise_before: "先有杂音", sam_fault: "安全模块故障", unplug: "拔掉连接线", replug: "接好连接线", load_paper: "装入新纸",
  paper_out: "取走纸", out_after_300_rows: "再印一点就没纸", near_end: "纸将尽", open_cover: "打开上盖", close_cover: "合上上盖",
  cutter_jam: "切刀卡纸", clear_jam: "取出卡纸", mute: "不再应答", unmute: "恢复应答", power_cycle: "断电再上电",
  power_cycle_keeping_buffer: "断电再上电，内容保留", stop_pcscd: "停止读卡服务", start_pcscd: "恢复读卡服务", restart_pcscd: "重启读卡服务",
  remove_mid_read: "读到一半拔卡", pull_mid_read: "读到一半拔卡", power_off: "断电", power_on: "上电", garble: "应答出错",
};
const MAIN = { load_paper: 1, replug: 1, close_cover: 1 };
const QUIET = new Set(["lay", "lift", "insert", "remove", "out_after_rows", "cover"]);

let people = [];
const drawn = new Map();

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "click") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

async function act(device, action, values) {
  const answer = await fetch(`/api/device/${device}/${action}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values || {}),
  });
  const told = document.getElementById("told");
  told.hidden = answer.ok;
  if (!answer.ok) {
    told.textContent = `没有做成：${(await answer.json()).error}`;
    setTimeout(() => { told.hidden = true; }, 6000);
  }
  refresh();
}

function button(device, action, values, words, options) {
  const doing = () => act(device.name, action, values);
  return make("button", { type: "button", click: doing, ...(options || {}) }, ...(words || [WORDS[action] || action]));
}

function mark(told, kind) {
  return make("span", { class: `mark ${kind}` }, told);
}

function health(device) {
  const state = device.state;
  if (state.answers === false) return mark("没有启动", "bad");
  if (state.plugged === false) return mark("线已拔掉", "bad");
  if (state.paper === "out") return mark("没有纸", "bad");
  if (state.cover_open) return mark("上盖开着", "bad");
  if (state.jammed || state.cutter_error) return mark("切刀卡纸", "bad");
  if (state.silent || state.muted) return mark("不应答", "bad");
  if (state.sam_fault) return mark("安全模块故障", "bad");
  if (state.service === false || state.running === false) return mark("读卡服务停止", "bad");
  if (state.paper === "low") return mark("纸将尽", "look");
  if (state.playing) return mark("正在播报", "");
  if (state.bars && state.bars.some((bar) => !bar.powered)) return mark("有条屏没有电", "look");
  if (state.bars && state.bars.some((bar) => bar.silent)) return mark("有条屏不应答", "look");
  return mark("正常", "");
}

function head(device) {
  const title = make("h2", {}, TITLES[device.kind]);
  return make("div", { class: "head" }, title, make("span", { class: "where" }, device.name), health(device));
}

function faults(device, open) {
  const handy = device.kind === "printer" ? ["paper_out", "load_paper", "unplug", "replug", "open_cover", "close_cover", "silence"] : [];
  const rest = device.actions.filter((action) => !QUIET.has(action) && !handy.includes(action));
  const buttons = rest.map((action) => button(device, action));
  if (device.kind === "sam") {
    buttons.push(button(device, "silence", { on: false }, ["恢复应答"]), button(device, "sam_fault", { status: 0 }, ["安全模块恢复"]));
  }
  return make("details", { open }, make("summary", {}, "故障与意外"), make("div", { class: "row" }, ...buttons));
}

function until(date) {
  return /^\d{8}$/.test(date) ? `有效期至 ${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
}

function chip(device, person, lying) {
  const social = device.kind === "social_card";
  const action = social ? "insert" : "lay";
  const warn = social && person.hides_holder;
  const note = social ? (warn ? "三代卡，不显示持卡人" : `密码 ${person.pin}`) : until(person.id_until);
  const small = make("small", { class: warn ? "warn" : "" }, note);
  return button(device, action, { person: person.key }, [person.name, small], { "aria-pressed": String(lying) });
}

function reader(device, open) {
  const social = device.kind === "social_card";
  const card = device.state.card || null;
  const known = people.filter((person) => (social ? person.social : person.id_until));
  const holder = card && typeof card === "object" ? card.name : card;
  const where = holder
    ? make("div", { class: "place full" },
      make("div", { class: "card" }, holder, make("small", {}, social ? "社会保障卡 样例" : "居民身份证 样例"), social ? make("i", {}) : null),
      button(device, social ? "remove" : "lift", {}, [social ? "拔出卡" : "拿走卡"], { class: "main" }))
    : make("div", { class: "place" }, social ? "卡槽是空的，请点一张卡插入" : "阅读区是空的，请点一张卡放上");
  const chips = known.map((person) => chip(device, person, person.name === holder));
  const mend = mending(device);
  return make("article", {}, head(device), mend, where, make("div", { class: "people" }, ...chips), faults(device, open));
}

function mending(device) {
  const action = device.state.plugged === false ? "replug" : device.state.service === false ? "start_pcscd" : null;
  return action && make("div", { class: "row mend" }, button(device, action, {}, null, { class: "main" }));
}

function printer(device, open, told) {
  const papers = told.papers.filter((paper) => paper.device === device.name).slice(-12).reverse();
  const pictures = papers.map((paper) => make("figure", {},
    make("a", { href: `/paper/${paper.number}.png`, target: "_blank" },
      make("img", { src: `/paper/${paper.number}.png`, alt: `第 ${paper.number} 张纸` })),
    make("figcaption", {}, `第 ${paper.number} 张`)));
  const roll = make("div", { class: "roll" }, ...(pictures.length ? pictures : [make("p", { class: "none" }, "还没有印出纸")]));
  const state = device.state;
  const handy = [state.paper === "ok" ? "paper_out" : "load_paper", state.plugged ? "unplug" : "replug",
    state.cover_open ? "close_cover" : "open_cover"].map((action) => button(device, action, {}, null,
    { class: MAIN[action] ? "main" : "" }));
  return make("article", {}, head(device), make("div", { class: "row" }, ...handy), make("div", { class: "mouth" }), roll, faults(device, open));
}

function bars(device) {
  const shown = device.state.bars.map((bar) => {
    const power = bar.powered ? button(device, "power_off", { address: bar.address }, ["断电"])
      : button(device, "power_on", { address: bar.address }, ["上电"]);
    const voice = bar.silent ? button(device, "answer", { address: bar.address }, ["恢复应答"])
      : button(device, "silence", { address: bar.address }, ["不应答"]);
    const source = `/led/${bar.address}.png?v=${bar.updates}-${bar.powered}-${encodeURIComponent(bar.text)}`;
    return make("div", { class: "bar" },
      make("p", {}, make("b", {}, `${bar.address} 号窗口`), bar.powered ? "" : "（没有电）", make("span", { class: "row" }, power, voice)),
      make("img", { src: source, alt: bar.text || "条屏是暗的" }));
  });
  const line = device.state.plugged ? button(device, "unplug") : button(device, "replug", {}, null, { class: "main" });
  return make("article", {}, head(device), ...shown, make("details", { open: true }, make("summary", {}, "线路"), make("div", { class: "row" }, line)));
}

function ago(seconds) {
  if (seconds < 60) return "刚才";
  return `${Math.floor(seconds / 60)} 分钟前`;
}

function speaker(device, open, told) {
  const said = told.speech.filter((entry) => entry.device === device.name).reverse();
  const lines = said.map((entry) => make("li", {}, make("b", {}, entry.caption),
    make("small", {}, `${ago(entry.ago_s)} · ${entry.seconds.toFixed(1)} 秒 · ${entry.pinyin}`)));
  const list = lines.length ? make("ol", { class: "speech" }, ...lines) : make("p", { class: "quiet" }, "还没有播报");
  return make("article", {}, head(device), list, faults(device, open));
}

const DRAW = { sam: reader, social_card: reader, printer, led_bars: bars, speaker };

function signature(device, told) {
  const state = { ...device.state };
  for (const noise of ["bytes_received", "buffered_bytes", "last_byte_mono", "counts", "ordered", "place"]) delete state[noise];
  const own = told.papers.filter((paper) => paper.device === device.name).map((paper) => paper.number);
  const said = device.kind === "speaker" ? told.speech.map((entry) => [entry.number, ago(entry.ago_s)]) : [];
  return JSON.stringify([state, own, said, people.length]);
}

function draw(told) {
  for (const device of told.devices) {
    const now = signature(device, told);
    const before = drawn.get(device.name);
    if (before && before.signature === now) continue;
    const open = Boolean(before && before.article.querySelector("details")?.open);
    const article = DRAW[device.kind](device, open, told);
    if (before) before.article.replaceWith(article);
    else document.getElementById(PLACES[device.kind]).append(article);
    drawn.set(device.name, { signature: now, article });
  }
}

async function refresh() {
  const link = document.getElementById("link");
  try {
    const answer = await fetch("/api/state");
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    draw(told);
    link.textContent = `${told.devices.length} 台设备 · 已印 ${told.papers.length} 张`;
  } catch {
    link.textContent = "试验台没有应答";
  }
}

async function begin() {
  people = await (await fetch("/api/people")).json();
  await refresh();
  setInterval(refresh, 500);
}

begin();
