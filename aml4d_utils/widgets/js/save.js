// A part of the page as a PNG file, with its title above it and its sentence beneath.

import { NOISE, readsTruly } from "./canvas.js";
import { button, make } from "./dom.js";

const SCALE = 2;
const MARGIN = 24;
const HTML = "http://www.w3.org/1999/xhtml";
const WORDS = { title: "font-size:19px;font-weight:650;", sentence: "font-size:15px;line-height:1.45;" };

const SIDES = ["top", "right", "bottom", "left"];
// All that makes an element of the course look as it does.
const LOOKS = [
  ...SIDES, ...SIDES.flatMap((side) => [`margin-${side}`, `padding-${side}`]),
  ...SIDES.flatMap((side) => ["width", "style", "color"].map((what) => `border-${side}-${what}`)),
  ...["top-left", "top-right", "bottom-left", "bottom-right"].map((corner) => `border-${corner}-radius`),
  ...["content", "items", "self"].map((what) => `align-${what}`), "justify-content", "justify-items", "justify-self",
  ...["basis", "direction", "grow", "shrink", "wrap"].map((what) => `flex-${what}`), "row-gap", "column-gap",
  ...["auto-columns", "auto-flow", "auto-rows", "template-areas", "template-columns", "template-rows"].map((what) => `grid-${what}`),
  "grid-row-start", "grid-row-end", "grid-column-start", "grid-column-end",
  ...["color", "image", "position", "repeat", "size"].map((what) => `background-${what}`),
  ...["width", "height"].flatMap((size) => [size, `min-${size}`, `max-${size}`]), "aspect-ratio", "box-sizing",
  ...["family", "size", "style", "variant-numeric", "weight"].map((what) => `font-${what}`),
  ...["align", "anchor", "transform"].map((what) => `text-${what}`), "letter-spacing", "line-height", "white-space", "overflow-wrap",
  ...["dasharray", "linecap", "linejoin", "opacity", "width"].map((what) => `stroke-${what}`), "stroke", "fill", "fill-opacity", "paint-order",
  "color", "opacity", "visibility", "display", "position", "z-index", "isolation", "overflow-x", "overflow-y", "clip-path", "transform",
  "transform-origin", "vertical-align", "box-shadow", "outline-width", "outline-style", "outline-color", "outline-offset", "object-fit",
  "image-rendering", "list-style-type", "appearance",
];

function copyStyle(from, to) {
  to.setAttribute("style", LOOKS.map((name) => `${name}:${from.getPropertyValue(name)}`).join(";"));
}

/** What a style sheet puts before or after an element, as an element of its own. */
function generated(original, which) {
  const style = getComputedStyle(original, which);
  if (["none", "normal"].includes(style.content)) return [];
  const copy = make("span", { text: style.content.replace(/^"|"$/g, "") });
  copyStyle(style, copy);
  return [copy];
}

/** Moves what is in a copy as far as the page has scrolled it; what sticks to the top stays there. */
function scroll(copy, down, right) {
  copy.style.overflow = "hidden"; // No bars to drag.
  for (const child of copy.children) {
    const sticks = child.style.position === "sticky";
    if (!down && !right) continue;
    if (child.style.position === "static") child.style.position = "relative";
    Object.assign(child.style, { top: `${sticks ? 0 : -down}px`, left: `${-right}px` });
  }
}

/** A copy of an element that looks the same without any style sheet. */
function portrait(original) {
  if (original.nodeType === Node.TEXT_NODE) return original.cloneNode();
  const style = original.nodeType === Node.ELEMENT_NODE ? getComputedStyle(original) : null;
  if (!style || style.display === "none") return null;
  const isCanvas = original instanceof HTMLCanvasElement;
  const copy = isCanvas ? make("img", { src: original.toDataURL() }) : original.cloneNode(false);
  copyStyle(style, copy);
  copy.removeAttribute("class");
  if (isCanvas) return copy;
  if ("value" in original && original.tagName !== "LI") copy.setAttribute("value", original.value);
  if (copy.type === "number") copy.setAttribute("type", "text"); // Without arrows that move its number.
  const children = [...original.childNodes].map(portrait).filter(Boolean);
  copy.append(...generated(original, "::before"), ...children, ...generated(original, "::after"));
  if (/auto|scroll/.test(style.overflow)) scroll(copy, original.scrollTop, original.scrollLeft);
  return copy;
}

async function loaded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** The page's own ink, ground and letters. */
function looks(element) {
  const { color, fontFamily } = getComputedStyle(element);
  const paper = getComputedStyle(element).getPropertyValue("--jp-layout-color1").trim() || "#ffffff";
  return { ink: color, paper, fontFamily };
}

/** Draws a part of the page with its words on a canvas. */
export async function drawPicture(stage, title, sentence) {
  const { ink, paper, fontFamily } = looks(stage);
  const { width } = stage.getBoundingClientRect();
  const sheet = make("div", { xmlns: HTML });
  sheet.style.cssText = `box-sizing:border-box;width:${width + 2 * MARGIN}px;padding:${MARGIN}px;` +
    `background:${paper};color:${ink};font-family:${fontFamily};display:flex;flex-direction:column;gap:16px;`;
  const copy = portrait(stage);
  Object.assign(copy.style, { border: "0", padding: "0", width: `${width}px`, height: "auto" });
  sheet.append(
    make("div", { style: WORDS.title, text: title }), copy,
    make("div", { style: WORDS.sentence, text: sentence }),
  );
  // Where it stands in the page for a moment, out of sight, its height is known.
  const desk = make("div", { "aria-hidden": "true", style: "position:fixed;left:-99999px;top:0;" }, sheet);
  document.body.append(desk);
  const height = Math.ceil(sheet.getBoundingClientRect().height);
  desk.remove();
  const wide = Math.ceil(width + 2 * MARGIN);
  const markup = new XMLSerializer().serializeToString(sheet);
  const image = await loaded(
    "data:image/svg+xml;charset=utf-8," + encodeURIComponent(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${height}">` +
      `<foreignObject width="100%" height="100%">${markup}</foreignObject></svg>`,
    ),
  );
  const canvas = make("canvas", { width: SCALE * wide, height: SCALE * height });
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0);
  return canvas;
}

export function fileName(title) {
  return `${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "picture"}.png`;
}

/** Saves a part of the page as a file and gives the sentence to say about it. */
export async function savePicture(stage, title, sentence) {
  if (!readsTruly()) return `${NOISE}, so it cannot save this one. Take a screenshot instead.`;
  const name = fileName(title);
  try {
    const canvas = await drawPicture(stage, title, sentence);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) return "The picture is too large to be saved. Take a screenshot instead.";
    const address = URL.createObjectURL(blob);
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    return `Saved as ${name} in your downloads.`;
  } catch (error) {
    console.warn(error);
    return `This browser cannot save the picture (${error.message}). Take a screenshot instead.`;
  }
}

/** A button that saves a part of the page, and the line that says what became of it. */
export function saving(stage, title, sentence) {
  const said = make("p", { class: "aml4d-saved", role: "status" });
  const save = button("Save this picture", async () => {
    save.disabled = true;
    said.textContent = await savePicture(stage(), title, sentence());
    save.disabled = false;
    save.focus();
  });
  return { save, said };
}
