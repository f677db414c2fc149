// Frames from the camera to Python, one at a time: the next one leaves when the last is answered.

import { keepKeys } from "./js/dom.js";
import { NO_KERNEL, createOutbox } from "./js/outbox.js";
import { CameraRefused, closeCamera, newVideo, openCamera, playStream } from "./js/webcam.js";

const PATIENCE = 5000;
const SPEAK_EVERY = 15;
const BLOCK = 4096;

// Counts answered frames over the last two seconds.
function frameCounter() {
  let times = [];
  return {
    add() { times.push(performance.now()); },
    reset() { times = []; },
    rate() {
      const now = performance.now();
      times = times.filter((time) => now - time < 2000);
      if (times.length < 2) return 0;
      return ((times.length - 1) * 1000) / Math.max(now - times[0], 1);
    },
  };
}

// Draws the video small and gives it as JPEG: a twelfth of the raw bytes, and as fast end to end.
// JupyterLab keeps the messages that arrive in Python while a cell awaits, and a film would fill
// the memory. So frames of about the same length share theirs; what is left over after the end
// of a JPEG does not matter.
function frameGrabber(video) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const memories = new Map();
  return async (longest) => {
    const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.max(1, Math.round(video.videoWidth * scale));
    const height = Math.max(1, Math.round(video.videoHeight * scale));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob) throw new Error("the browser cannot encode a frame");
    const blocks = Math.ceil(blob.size / BLOCK);
    if (!memories.has(blocks)) memories.set(blocks, new Uint8Array(blocks * BLOCK));
    memories.get(blocks).set(new Uint8Array(await blob.arrayBuffer()));
    return memories.get(blocks).buffer;
  };
}

function parts(el) {
  el.classList.add("aml4d", "aml4d-camera");
  const stage = document.createElement("div");
  stage.className = "aml4d-camera-stage";
  const video = newVideo("What your camera sees, as in a mirror");
  const off = document.createElement("p");
  off.textContent = "The camera is off.";
  stage.append(video, off);
  const row = document.createElement("div");
  row.className = "aml4d-row";
  const button = document.createElement("button");
  button.type = "button";
  const rate = document.createElement("span");
  rate.className = "aml4d-camera-rate";
  rate.setAttribute("aria-hidden", "true");
  row.append(button, rate);
  const status = document.createElement("p");
  status.className = "aml4d-status";
  status.setAttribute("role", "status");
  const spoken = document.createElement("p");
  spoken.className = "aml4d-hidden";
  spoken.setAttribute("aria-live", "polite");
  const privacy = document.createElement("p");
  privacy.className = "aml4d-privacy";
  el.append(stage, row, status, spoken, privacy);
  keepKeys(el);
  return { stage, video, button, rate, status, spoken, privacy };
}

function render({ model, el }) {
  const { stage, video, button, rate, status, spoken, privacy } = parts(el);
  const promise = () => {
    privacy.textContent = `The frames go to the Python of this notebook. ${model.get("kept")}`;
  };
  const counter = frameCounter();
  const grab = frameGrabber(video);
  let state = "off";
  let stream = null;
  let sent = 0;
  let grabbing = false;
  let since = 0; // when the frame under way was taken
  let seconds = 0;

  const say = (sentence, failed = false) => {
    status.textContent = sentence;
    status.classList.toggle("aml4d-error", failed);
  };
  const enter = (next) => {
    state = next;
    el.dataset.state = next;
    stage.classList.toggle("aml4d-on", next === "on");
    button.textContent = next === "off" ? "Start the camera" : "Stop";
    button.classList.toggle("aml4d-primary", next === "off");
    if (next !== "on") rate.textContent = "";
  };
  const stop = (sentence = "", failed = false) => {
    closeCamera(stream);
    stream = null;
    video.srcObject = null;
    spoken.textContent = "";
    enter("off");
    say(sentence, failed);
  };

  const outbox = createOutbox(model, el, {
    say: (words) => {
      if (words === NO_KERNEL && state !== "off") stop(words, true);
    },
  });
  const answered = () => {
    const failure = model.get("status");
    if (failure && state !== "off") {
      stop(`Python failed on this frame, so the camera has stopped. ${failure}`, true);
    } else if (state === "on") {
      counter.add();
      sendNextPicture();
    }
  };
  const send = async () => {
    if (state !== "on" || grabbing || outbox.busy()) return;
    grabbing = true;
    since = performance.now();
    try {
      const bytes = await grab(model.get("size"));
      if (state !== "on") return;
      sent += 1;
      el.dataset.sent = sent;
      since = performance.now();
      outbox.send({ kind: "frame" }, { buffers: [bytes], done: answered });
    } catch (error) {
      stop(`The camera failed: ${error.message}.`, true);
    } finally {
      grabbing = false;
    }
  };
  const sendNextPicture = () => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(send);
    else requestAnimationFrame(send);
  };

  const start = async () => {
    enter("starting");
    say("Waiting for the camera. The browser may ask whether it is allowed.");
    let opened = null;
    try {
      opened = await openCamera({ width: { ideal: 640 }, height: { ideal: 480 } });
      if (state !== "starting") return closeCamera(opened);
      stream = opened;
      stream.getVideoTracks()[0].addEventListener("ended", () => {
        if (stream === opened) stop("The camera was taken away. Start it again.", true);
      });
      await playStream(video, stream);
    } catch (error) {
      // Whatever went wrong after Stop was pressed is no longer of interest.
      if (state !== "starting") return closeCamera(opened);
      stop(error instanceof CameraRefused ? error.message : `The camera failed: ${error.message}`, true);
      return undefined;
    }
    if (state !== "starting") return undefined;
    counter.reset();
    seconds = 0;
    enter("on");
    say("");
    since = performance.now();
    sendNextPicture();
    return undefined;
  };

  const received = (message) => {
    if (message.kind === "stop" && state !== "off") stop("Stopped.");
  };
  model.on("msg:custom", received);
  model.on("change:kept", promise);
  promise();

  const resume = async () => {
    try {
      await video.play();
    } catch (error) {
      // Paused again before it played: the next second tries once more.
      if (error.name !== "AbortError") stop(`The camera failed: ${error.message}`, true);
    }
  };
  const clock = setInterval(() => {
    if (state !== "on") return;
    if (outbox.busy() && performance.now() - since > PATIENCE) {
      stop("Python has not answered for 5 seconds, so the camera has stopped. A cell may be busy.", true);
      return;
    }
    // A video that was scrolled out of the notebook is paused by the browser.
    if (video.paused && video.isConnected) resume();
    seconds += 1;
    const words = `${counter.rate().toFixed(0)} frames per second`;
    rate.textContent = words;
    if (seconds % SPEAK_EVERY === 2) spoken.textContent = words;
  }, 1000);

  button.addEventListener("click", () => {
    if (state === "off") start();
    else stop("Stopped.");
  });
  enter("off");
  return () => {
    clearInterval(clock);
    stop();
    outbox.close();
    model.off("msg:custom", received);
    model.off("change:kept", promise);
  };
}

export default { render };
