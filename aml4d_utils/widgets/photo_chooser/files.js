// A photo file, made small enough for the connection before it leaves the page.

import { NOISE, readsTruly } from "../js/canvas.js";

const LONGEST = 1024;
const MOST_PIXELS = 80e6;
const MOST_BYTES = 200e6;
// A file that only Python may be able to read goes there whole; larger messages are cut off.
const MOST_BYTES_UNREAD = 8e6;
const SAVE_AGAIN = "open it in a picture viewer, save it as JPEG or PNG, and choose that file";

export class Refused extends Error {}

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

export function encoded(source, width, height, type) {
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
export async function prepared(file) {
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
  if (!readsTruly()) {
    // Python makes it smaller then.
    if (file.size <= MOST_BYTES_UNREAD) return { blob: file, note: "" };
    throw new Refused(
      `${NOISE}, so ${file.name} cannot be made smaller here, and it has ${Math.round(file.size / 1e6)} MB: ` +
      `save a copy of at most ${MOST_BYTES_UNREAD / 1e6} MB as JPEG and choose that.`,
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
