// Ways to bring a photo of one's own: the camera, a file, a drop.

import { button, make } from "../js/dom.js";
import { CameraRefused, closeCamera, newVideo, openCamera, playStream } from "../js/webcam.js";
import { encoded } from "./files.js";

export function cameraPanel(take, say, closed) {
  const panel = make("div", { class: "aml4d-photo-camera" });
  const video = newVideo("What your camera sees, as in a mirror");
  const row = make("div", { class: "aml4d-row" });
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
  const shoot = button("Take photo", async () => {
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
  row.append(shoot, button("Cancel", end));
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

export function dropZone(openFile, openCameraPanel, say) {
  const zone = make("div", { class: "aml4d-photo-zone" });
  const input = make("input", { class: "aml4d-hidden" });
  Object.assign(input, { type: "file", accept: "image/*", tabIndex: -1 });
  input.setAttribute("aria-label", "Photo file");
  input.addEventListener("change", () => {
    const file = input.files[0];
    if (file) openFile(file);
    input.value = "";
  });
  const row = make("div", { class: "aml4d-row" });
  const choose = button("Choose a file …", () => input.click());
  choose.className = "aml4d-primary";
  const camera = button("Use the camera", openCameraPanel);
  row.append(choose, camera);
  zone.append(row, make("p", { class: "aml4d-purpose", text: "or drop a photo here: JPEG, PNG, WebP, GIF, BMP or TIFF" }), input);
  const drop = (event) => {
    const [file, second] = event.dataTransfer.files;
    if (!file) say("Drop a file from your computer; save a picture from a web page first.", true);
    else openFile(file, second ? "Only the first of the files was opened." : "");
  };
  return { element: zone, drop, camera };
}

// A file that misses the zone must not make the browser leave the notebook.
export function acceptDrops(el, zone) {
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
