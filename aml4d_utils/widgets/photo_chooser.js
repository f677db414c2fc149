// The photo of all lessons: pick a bundled one, open a file, or take one with the camera.
// What is chosen is made small here, so that a large photo fits through the connection, and
// checked again in Python.

import { keepKeys } from "./js/dom.js";
import { NO_KERNEL, createOutbox } from "./js/outbox.js";
import { CameraRefused, closeCamera, newVideo, openCamera, playStream } from "./js/webcam.js";

const LONGEST = 1024;
const MOST_PIXELS = 80e6;
const MOST_BYTES = 200e6;
// A file that only Python may be able to read goes there whole; larger messages are cut off.
const MOST_BYTES_UNREAD = 8e6;
const SAVE_AGAIN = "open it in a picture viewer, save it as JPEG or PNG, and choose that file";

class Refused extends Error {}

function make(tag, className, words) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
}

function makeButton(words, action) {
  const button = make("button", "", words);
  button.type = "button";
  button.addEventListener("click", action);
  return button;
}

// --- files --------------------------------------------------------------------------------

function refuseAtSight(file) {
  if (file.size === 0) throw new Refused(`${file.name} is empty: choose another file.`);
  if (file.type && !file.type.startsWith("image/")) {
    throw new Refused(`${file.name} is not a photo: choose a JPEG or PNG file.`);
  }
  if (file.size > MOST_BYTES) {
    throw new Refused(
      `${file.name} has ${Math.round(file.size / 1e6)} MB; at most ${MOST_BYTES / 1e6} MB are ` +
      "read: save a smaller copy as JPEG and choose that.",
    );
  }
}

// An image element knows its size before its pixels are decoded. Gives null for what is no image.
async function sizeOf(file) {
  const address = URL.createObjectURL(file);
  const probe = new Image();
  try {
    return await new Promise((resolve) => {
      probe.onload = () => resolve([probe.naturalWidth, probe.naturalHeight]);
      probe.onerror = () => resolve(null);
      probe.src = address;
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function decoded(file, width, height) {
  try {
    return await createImageBitmap(file, {
      imageOrientation: "from-image", resizeWidth: width, resizeHeight: height, resizeQuality: "high",
    });
  } catch (error) {
    if (error.name === "InvalidStateError") return null;
    throw error;
  }
}

function encoded(source, width, height, type) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Refused("The browser has no memory left for this photo: choose a smaller one."));
    }, type, 0.92);
  });
}

// The photo as a small blob, and a few words on what was done to it.
async function prepared(file) {
  refuseAtSight(file);
  const size = await sizeOf(file);
  const unread = () => {
    if (file.size <= MOST_BYTES_UNREAD) return { blob: file, note: "" };
    throw new Refused(`${file.name} cannot be read by this browser: ${SAVE_AGAIN}.`);
  };
  if (!size || size[0] * size[1] === 0) return unread();
  const [width, height] = size;
  if (width * height > MOST_PIXELS) {
    throw new Refused(
      `${file.name} has ${Math.round((width * height) / 1e6)} megapixels; at most ` +
      `${MOST_PIXELS / 1e6} are read: save a smaller copy as JPEG and choose that.`,
    );
  }
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const [less, lower] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const bitmap = await decoded(file, less, lower);
  if (!bitmap) return unread();
  const exact = scale === 1 && file.type === "image/png";
  const blob = await encoded(bitmap, less, lower, exact ? "image/png" : "image/jpeg");
  bitmap.close();
  return { blob, note: scale < 1 ? `Made smaller from ${width} × ${height} pixels.` : "" };
}

// --- the parts of the page ----------------------------------------------------------------

function photoGrid(model, pick) {
  const grid = make("div", "aml4d-photo-grid");
  grid.setAttribute("role", "listbox");
  grid.setAttribute("aria-label", "Photos of the course");
  const addresses = [];
  const options = model.get("photos").map(({ name, words, picture }) => {
    const option = make("div", "aml4d-photo-option");
    option.setAttribute("role", "option");
    option.dataset.name = name;
    option.title = words;
    const image = make("img");
    addresses.push(URL.createObjectURL(new Blob([picture], { type: "image/jpeg" })));
    Object.assign(image, { src: addresses.at(-1), alt: words, draggable: false });
    option.append(image);
    option.addEventListener("click", () => pick(name));
    grid.append(option);
    return option;
  });
  const reach = (option) => {
    for (const other of options) other.tabIndex = other === option ? 0 : -1;
  };
  grid.addEventListener("focusin", (event) => {
    if (options.includes(event.target)) reach(event.target);
  });
  grid.addEventListener("keydown", (event) => {
    const at = options.indexOf(event.target);
    if (at < 0) return;
    const columns = options.filter((option) => option.offsetTop === options[0].offsetTop).length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const ends = { Home: 0, End: options.length - 1 };
    const to = event.key in ends ? ends[event.key] : at + (steps[event.key] ?? 0);
    if (event.key === "Enter" || event.key === " ") pick(options[at].dataset.name);
    else if (to === at && !(event.key in ends)) return;
    else options[to]?.focus();
    event.preventDefault();
  });
  const mark = (chosen) => {
    const found = options.find((option) => option.dataset.name === chosen);
    for (const option of options) option.setAttribute("aria-selected", String(option === found));
    reach(found ?? options[0]);
  };
  return { element: grid, mark, close: () => addresses.forEach((address) => URL.revokeObjectURL(address)) };
}

function shownPhoto(model, forget, describe) {
  const column = make("div", "aml4d-photo-now");
  const image = make("img");
  const sentence = make("p");
  sentence.dataset.role = "sentence";
  sentence.setAttribute("aria-live", "polite");
  const form = make("form");
  const field = make("div", "aml4d-control");
  const label = make("label", "", "What does it show? For people who cannot see it (optional)");
  const input = make("input");
  Object.assign(input, { type: "text", maxLength: model.get("longest_description"), autocomplete: "off" });
  input.id = label.htmlFor = `aml4d-${Math.random().toString(36).slice(2)}`;
  const row = make("div", "aml4d-row");
  const keep = make("button", "", "Keep words");
  keep.type = "submit";
  const back = makeButton("Back to the cat", forget);
  field.append(label, input);
  row.append(keep, back);
  form.append(field, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    describe(input.value);
  });
  column.append(image, sentence, form);
  // Enlarged pixels stay squares.
  image.addEventListener("load", () => {
    image.style.imageRendering = image.clientWidth > 1.5 * image.naturalWidth ? "pixelated" : "auto";
  });
  let address = "";
  const show = () => {
    URL.revokeObjectURL(address);
    address = model.get("shown").byteLength ? URL.createObjectURL(new Blob([model.get("shown")])) : "";
    image.hidden = !address;
    if (address) image.src = address;
    image.alt = model.get("alt");
    sentence.textContent = model.get("sentence").replaceAll(" × ", "\u00a0×\u00a0");
    for (const part of [field, keep]) part.style.display = model.get("own") ? "" : "none";
    input.value = model.get("description");
    // A button that is disabled while it has the focus would lose it.
    back.setAttribute("aria-disabled", String(model.get("chosen") === model.get("fallback")));
  };
  return { element: column, show, close: () => URL.revokeObjectURL(address) };
}

function cameraPanel(take, say, closed) {
  const panel = make("div", "aml4d-photo-camera");
  const video = newVideo("What your camera sees, as in a mirror");
  const row = make("div", "aml4d-row");
  let stream = null;
  let wanted = false;
  const stop = () => {
    wanted = false;
    closeCamera(stream);
    stream = null;
    video.srcObject = null;
    panel.style.display = "none";
  };
  const end = () => {
    stop();
    closed();
  };
  const shoot = makeButton("Take photo", async () => {
    try {
      const blob = await encoded(video, video.videoWidth, video.videoHeight, "image/png");
      end();
      take(new File([blob], "your photo", { type: blob.type }));
    } catch (error) {
      end();
      say(error.message, true);
    }
  });
  shoot.className = "aml4d-primary";
  row.append(shoot, makeButton("Cancel", end));
  panel.append(video, row);
  stop();
  const open = async () => {
    wanted = true;
    let opened = null;
    say("Waiting for the camera. The browser may ask whether it is allowed.");
    try {
      opened = await openCamera({ width: { ideal: 1280 }, height: { ideal: 960 } });
      if (!wanted) return closeCamera(opened);
      stream = opened;
      panel.style.display = "";
      await playStream(video, stream);
    } catch (error) {
      if (!wanted) return closeCamera(opened);
      end();
      say(error instanceof CameraRefused ? error.message : `The camera failed: ${error.message}`, true);
      return undefined;
    }
    say("");
    if (wanted) shoot.focus();
    return undefined;
  };
  const isOpen = () => wanted;
  return { element: panel, open, stop, isOpen };
}

function dropZone(openFile, openCameraPanel, say) {
  const zone = make("div", "aml4d-photo-zone");
  const input = make("input", "aml4d-hidden");
  Object.assign(input, { type: "file", accept: "image/*", tabIndex: -1 });
  input.setAttribute("aria-label", "Photo file");
  input.addEventListener("change", () => {
    const file = input.files[0];
    if (file) openFile(file);
    input.value = "";
  });
  const row = make("div", "aml4d-row");
  const choose = makeButton("Choose a file …", () => input.click());
  choose.className = "aml4d-primary";
  const camera = makeButton("Use the camera", openCameraPanel);
  row.append(choose, camera);
  zone.append(row, make("p", "aml4d-purpose", "or drop a photo here: JPEG, PNG, WebP, GIF, BMP or TIFF"), input);
  const drop = (event) => {
    const [file, second] = event.dataTransfer.files;
    if (!file) say("Drop a file from your computer; save a picture from a web page first.", true);
    else openFile(file, second ? "Only the first of the files was opened." : "");
  };
  return { element: zone, drop, camera };
}

// A file that misses the zone must not make the browser leave the notebook.
function acceptDrops(el, zone) {
  let depth = 0;
  const light = (change) => {
    depth = Math.max(0, depth + change);
    zone.element.classList.toggle("aml4d-over", depth > 0);
  };
  const actions = {
    dragenter: () => light(1),
    dragleave: () => light(-1),
    dragover: () => {},
    drop: (event) => {
      light(-depth);
      zone.drop(event);
    },
  };
  for (const [kind, action] of Object.entries(actions)) {
    el.addEventListener(kind, (event) => {
      event.preventDefault();
      event.stopPropagation();
      action(event);
    });
  }
}

function statusLine() {
  const row = make("div", "aml4d-photo-status");
  const bar = make("div", "aml4d-bar aml4d-endless");
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", "Opening the photo");
  bar.append(make("div"));
  const words = make("p", "aml4d-status");
  words.setAttribute("role", "status");
  row.append(bar, words);
  const say = (sentence, failed = false, working = false) => {
    words.textContent = sentence;
    words.classList.toggle("aml4d-error", failed);
    bar.style.display = working ? "" : "none";
    row.classList.toggle("aml4d-empty", !sentence);
  };
  say("");
  return { element: row, say };
}

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-photos");
  const { element: status, say } = statusLine();
  const outbox = createOutbox(model, el, {
    say: (words) => {
      if (words) say(words, words === NO_KERNEL, words !== NO_KERNEL);
      if (words === NO_KERNEL) el.removeAttribute("aria-busy");
    },
  });
  let job = 0;

  const finished = (note) => {
    el.removeAttribute("aria-busy");
    const refused = model.get("status");
    say(refused || note, Boolean(refused));
  };
  const ask = (content, note = "", buffers = []) => {
    job += 1;
    outbox.send(content, { buffers, done: () => finished(note) });
  };
  const openPhoto = async (file, words = "") => {
    const { name } = file;
    job += 1;
    const mine = job;
    el.setAttribute("aria-busy", "true");
    say(`Opening ${name} …`, false, true);
    try {
      const { blob, note } = await prepared(file);
      const bytes = await blob.arrayBuffer();
      // Something else was chosen while this one was being opened.
      if (mine !== job) return;
      say(`Sending ${name} …`, false, true);
      ask({ kind: "photo" }, [note, words].filter(Boolean).join(" "), [bytes]);
    } catch (error) {
      if (mine !== job) return;
      el.removeAttribute("aria-busy");
      say(error instanceof Refused ? error.message : `${name} cannot be opened: ${error.message}`, true);
    }
  };

  const camera = cameraPanel(
    (file) => openPhoto(file), say,
    () => {
      zone.element.style.display = "";
      zone.camera.focus();
      say("");
    },
  );
  const zone = dropZone(
    (file, words) => {
      putCameraAway();
      openPhoto(file, words);
    },
    () => {
      zone.element.style.display = "none";
      camera.open();
    },
    say,
  );
  const putCameraAway = () => {
    if (!camera.isOpen()) return;
    camera.stop();
    zone.element.style.display = "";
  };
  const choose = (content) => {
    putCameraAway();
    ask(content);
  };
  const grid = photoGrid(model, (name) => choose({ kind: "pick", name }));
  const now = shownPhoto(
    model, () => choose({ kind: "forget" }), (words) => ask({ kind: "describe", words }, "Your words are kept."),
  );
  acceptDrops(el, zone);

  const head = make("div", "aml4d-photo-head");
  head.append(make("h3", "aml4d-title", "Your photo"));
  head.append(make("p", "aml4d-purpose", "Every lesson works on the photo that you choose here."));
  const left = make("div", "aml4d-photo-left");
  left.append(head, now.element);
  const right = make("div", "aml4d-photo-right");
  right.append(
    make("h4", "", "Use one of your own"), zone.element, camera.element, status,
    make("h4", "", "Or one that comes with the course"), grid.element,
  );
  const privacy = make("p", "aml4d-privacy", model.get("privacy"));
  const body = make("div", "aml4d-photo-body");
  body.append(left, right);
  el.append(body, privacy);
  keepKeys(el);

  const show = () => {
    now.show();
    grid.mark(model.get("chosen"));
  };
  model.on("change", show);
  show();
  if (model.get("status")) say(model.get("status"), true);
  return () => {
    job += 1;
    camera.stop();
    outbox.close();
    grid.close();
    now.close();
    model.off("change", show);
  };
}

export default { render };
