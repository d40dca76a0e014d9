"use strict";
// Shows what /api/state tells, twice a second; every button is one POST. Parts are rebuilt only when they changed.

const TITLES = {
  sam: "身份证阅读器", social_card: "社保卡读卡器", scanner: "扫码器", printer: "打印机", sheet_printer: "A4 打印机", led_bars: "窗口条屏",
  queue_bars: "窗口条屏（银行排队机式）", keypads: "呼叫键盘与评价器", speaker: "音响", headphone_jack: "耳机孔",
};
const PLACES = { sam: "readers", social_card: "readers", scanner: "readers", printer: "printers", sheet_printer: "printers", keypads: "printers" };
// Faults stand on the page in this order.
const WORDS = {
  lift_mid_read: "读到一半拿走", remove_mid_read: "读到一半拔卡", load_paper: "装入新纸", paper_out: "取走纸", near_end: "纸将尽",
  paper_low: "纸将尽", out_after: "再印一张就没纸", out_after_300_rows: "再印一点就没纸", near_end_then_out: "纸将尽，随后没纸",
  open_cover: "打开上盖", close_cover: "合上上盖", cutter_jam: "切刀卡纸", jam: "卡住一张纸", clear_jam: "取出卡纸",
  toner_low: "墨粉将尽", toner_out: "墨粉用完", new_toner: "换上新墨粉", pause: "暂停打印", resume: "恢复打印",
  mechanical_error: "机械故障", overheat: "打印头过热", cool_down: "打印头凉了",
  power_off: "断电", power_on: "上电", power_cycle: "断电再上电", power_cycle_keeping_buffer: "断电再上电，内容保留",
  unplug: "拔掉连接线", replug: "接好连接线", unplug_reader: "拔掉读卡器", replug_reader: "接好读卡器",
  stop_pcscd: "停止读卡服务", start_pcscd: "恢复读卡服务", restart_pcscd: "重启读卡服务",
  silence: "不再应答", answer: "恢复应答", speak: "恢复应答", mute: "不再应答", unmute: "恢复应答", refuse: "拒绝播报", accept: "恢复播报",
  busy: "忙", ready: "不忙了", slow: "变慢", fast: "恢复速度", quick: "恢复速度", sam_fault: "安全模块故障", finds_again: "放着也能再找到",
  garble_next: "下一答出错", truncate_next: "下一答不全", wrong_length_next: "下一答长度不对", noise_before: "先有杂音",
  noise: "下一帧先有杂音", truncate: "下一帧不全", wrong_length: "下一帧少一个字节", wrong_crc: "下一答校验错",
  bad_sum: "发来校验错的一帧", lose_echoes: "下一个回应丢失", long: "扫到一个过长的码", plug: "插上耳机", pull: "拔掉耳机", lose: "丢失通知",
};
const MAIN = { load_paper: 1, replug: 1, close_cover: 1 };
const QUIET = new Set(["lay", "lift", "insert", "remove", "out_after_rows", "cover", "record", "stop_recording", "press", "digit", "enter", "grade",
  "scan", "lie", "raw", "suffix", "encoding"]);
const BY_ADDRESS = new Set(["power_off", "power_on", "silence", "answer", "busy", "wrong_crc"]);
const KINDS = { residence_permit: "港澳台居民居住证", foreigner_2017: "外国人永久居留证", foreigner_2023: "外国人永久居留证" };
const SLOTS = { contact: "插卡槽", contactless: "感应区" };
const DEFECTS = { none: "完好", unregistered: "不是身份证", damaged: "芯片坏了", forged: "内容不真", spoiled: "号码有误" };

let people = [];
const drawn = new Map();
const chosen = new Map();

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
  if (state.plugged === false && device.kind !== "headphone_jack") return mark("线已拔掉", "bad");
  if (state.paper === "out") return mark("没有纸", "bad");
  if (state.cover_open) return mark("上盖开着", "bad");
  if (state.jammed || state.cutter_error) return mark(device.kind === "sheet_printer" ? "卡纸" : "切刀卡纸", "bad");
  if (state.toner === "out") return mark("没有墨粉", "bad");
  if (state.powered === false) return mark("没有电", "bad");
  if (state.mechanical) return mark("机械故障", "bad");
  if (state.overheated) return mark("打印头过热", "bad");
  if (state.silent || state.muted) return mark("不应答", "bad");
  if (state.refusing) return mark("拒绝播报", "bad");
  if (state.sam_fault) return mark("安全模块故障", "bad");
  if (state.service === false || state.running === false) return mark("读卡服务停止", "bad");
  if (state.reader === false) return mark("读卡器已拔掉", "bad");
  if (state.paper === "low") return mark("纸将尽", "look");
  if (state.playing) return mark("正在播报", "");
  if (state.bars && state.bars.some((bar) => !bar.powered)) return mark("有条屏没有电", "look");
  if (state.bars && state.bars.some((bar) => bar.silent)) return mark("有条屏不应答", "look");
  if (device.kind === "headphone_jack") return mark(state.plugged ? "已插耳机" : "没有耳机", "");
  return mark("正常", "");
}

function head(device) {
  const title = make("h2", {}, TITLES[device.kind] || device.kind);
  return make("div", { class: "head" }, title, make("span", { class: "where" }, device.name), health(device));
}

function faults(device, open) {
  const handy = DRAW[device.kind] === printer ? ["paper_out", "load_paper", "unplug", "replug", "open_cover", "close_cover", "silence"] : [];
  const skipped = (action) => QUIET.has(action) || handy.includes(action) || (device.state.bars && BY_ADDRESS.has(action));
  const values = device.kind === "sam" || device.kind === "speaker" || DRAW[device.kind] === printer ? { out_after: { pages: 1 } } : { slow: { seconds: 2 } };
  const order = Object.keys(WORDS);
  const place = (action) => (order.includes(action) ? order.indexOf(action) : order.length);
  const rest = device.actions.filter((action) => !skipped(action)).sort((one, other) => place(one) - place(other));
  const buttons = rest.map((action) => button(device, action, values[action]));
  if (device.kind === "sam") {
    buttons.push(button(device, "silence", { on: false }, ["恢复应答"]), button(device, "sam_fault", { status: 0 }, ["安全模块恢复"]),
      button(device, "finds_again", { on: false }, ["放着不再找到"]));
  }
  if (device.actions.includes("slow") && !device.actions.some((action) => action === "fast" || action === "quick")) {
    buttons.push(button(device, "slow", { seconds: 0 }, ["恢复速度"]));
  }
  return make("details", { open }, make("summary", {}, "故障与意外"), make("div", { class: "row" }, ...buttons));
}

function recording(device) {
  const told = device.recording;
  if (!told) return null;
  const turn = told.on ? button(device, "stop_recording", {}, ["停止录制"], { class: "main" }) : button(device, "record", {}, ["录下线上字节"]);
  const file = told.portions && !told.on
    ? make("a", { class: "file", href: `/device/${device.name}/transcript.txt`, download: `${device.name}.txt` }, "下载录制") : null;
  return make("div", { class: "row record" }, turn, file, make("span", { class: "quiet count" }, counted(told)));
}

function counted(told) {
  if (told.full) return `录满了，共 ${told.portions} 段`;
  return told.on ? `正在录制，${told.portions} 段` : told.portions ? `已录 ${told.portions} 段` : "";
}

function until(date) {
  return /^\d{8}$/.test(date) ? `有效期至 ${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
}

function chip(device, person, lying) {
  const social = device.kind === "social_card";
  const action = social ? "insert" : "lay";
  const warn = social && person.hides_holder;
  const note = social ? (warn ? "三代卡，不显示持卡人" : `密码 ${person.pin}`) : KINDS[person.id_kind] || until(person.id_until);
  const small = make("small", { class: warn ? "warn" : "" }, note);
  const choice = chosen.get(device.name);
  const values = social ? { person: person.key, contactless: choice === "contactless" } : { person: person.key, defect: choice || "none" };
  return button(device, action, values, [person.name, small], { "aria-pressed": String(lying) });
}

function reader(device, open) {
  const social = device.kind === "social_card";
  const felt = social && chosen.get(device.name) === "contactless";
  const card = (felt ? device.state.contactless?.card : device.state.card) || null;
  const known = people.filter((person) => (social ? person.social : person.id_until));
  const holder = card && typeof card === "object" ? card.name : card;
  const where = holder
    ? make("div", { class: "place full" },
      make("div", { class: "card" }, holder, make("small", {}, `${document_of(social, holder)} 样例`), social ? make("i", {}) : null),
      button(device, social ? "remove" : "lift", felt ? { contactless: true } : {}, [social && !felt ? "拔出卡" : "拿走卡"], { class: "main" }))
    : make("div", { class: "place" }, social && !felt ? "卡槽是空的，请点一张卡插入" : "阅读区是空的，请点一张卡放上");
  const chips = known.map((person) => chip(device, person, person.name === holder));
  return make("article", {}, head(device), mending(device), where, social ? choosing(device, "卡放在", SLOTS) : choosing(device, "下一张卡", DEFECTS),
    make("div", { class: "people" }, ...chips), faults(device, open));
}

function document_of(social, holder) {
  if (social) return "社会保障卡";
  const person = people.find((each) => each.name === holder);
  return (person && KINDS[person.id_kind]) || "居民身份证";
}

function choosing(device, title, choices) {
  const now = chosen.get(device.name);
  const choice = make("select", {}, ...Object.entries(choices).map(([value, words]) =>
    make("option", { value, selected: value === now }, words)));
  choice.addEventListener("change", () => {
    chosen.set(device.name, choice.value);
    drawn.get(device.name).signature = "";
    refresh();
  });
  return make("label", { class: "choice" }, title, choice);
}

function mending(device) {
  const action = device.state.plugged === false ? "replug" : device.state.service === false ? "start_pcscd"
    : device.state.reader === false ? "replug_reader" : null;
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

const DRAW = {
  sam: reader, social_card: reader, printer, sheet_printer: printer, led_bars: bars, queue_bars: bars, keypads, speaker, scanner,
  headphone_jack: jack,
};

function signature(device, told) {
  const state = { ...device.state };
  for (const noise of ["bytes_received", "buffered_bytes", "last_byte_mono", "counts", "ordered", "place", "last_job_byte_mono", "acknowledged", "damaged", "too_soon"]) delete state[noise];
  const own = told.papers.filter((paper) => paper.device === device.name).map((paper) => paper.number);
  const said = device.kind === "speaker" ? told.speech.map((entry) => [entry.number, ago(entry.ago_s)]) : [];
  const tape = device.recording && [device.recording.on, device.recording.full, device.recording.portions > 0];
  return JSON.stringify([state, own, said, tape, people.length]);
}

function draw(told) {
  for (const device of told.devices) {
    const now = signature(device, told);
    const before = drawn.get(device.name);
    if (before && before.signature === now) {
      const count = before.article.querySelector(".count");
      if (count) count.textContent = counted(device.recording);
      continue;
    }
    const open = Boolean(before && before.article.querySelector("details")?.open);
    const article = (DRAW[device.kind] || plain)(device, open, told);
    const tape = recording(device);
    if (tape) article.append(tape);
    if (before) before.article.replaceWith(article);
    else document.getElementById(PLACES[device.kind] || "hall").append(article);
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
