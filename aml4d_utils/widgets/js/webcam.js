// Ask the browser for the camera, and say in one sentence what to do when it is refused.

import { NOISE, readsTruly } from "./canvas.js";

const CAMERA_REFUSALS = {
  NotAllowedError:
    "The browser does not allow the camera here. Click the sign beside the page's address, allow " +
    "the camera, and try again.",
  NotFoundError: "No camera was found. Plug one in, or use a photo instead.",
  NotReadableError: "Another program uses the camera. Close it there, and try again.",
};

export class CameraRefused extends Error {}

export async function openCamera(wishes) {
  if (!readsTruly()) {
    throw new CameraRefused(
      `${NOISE}, so what the camera sees would arrive as noise. Take a photo with another program ` +
      "and choose its file, or open this notebook in another browser.",
    );
  }
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new CameraRefused(
      "The browser gives the camera only to pages opened as https:// or on localhost. Open the " +
      "notebook that way, or use a photo instead.",
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ video: wishes, audio: false });
  } catch (error) {
    const refusal = CAMERA_REFUSALS[error.name];
    throw new CameraRefused(refusal ?? `The camera does not start (${error.name}). Try again.`);
  }
}

export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

// A camera that looks away from you is not shown as a mirror.
function showMirrored(video, stream) {
  const facing = stream.getVideoTracks()[0].getSettings().facingMode;
  video.classList.toggle("aml4d-mirrored", facing !== "environment");
}

export function newVideo(label) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, autoplay: true });
  video.setAttribute("aria-label", label);
  return video;
}

// The first picture of a camera can take a second; until then there is nothing to draw.
export async function playStream(video, stream) {
  video.srcObject = stream;
  showMirrored(video, stream);
  await video.play();
  if (video.videoWidth) return;
  await new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true }));
}
