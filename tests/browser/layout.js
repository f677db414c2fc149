// Measures one explorer of the page; layout.py calls it with the explorer's outermost element.
(root) => {
  const CELL = 10; // side of a cell of the grid on which holes are looked for, px
  const SMALL = 60; // what is smaller than this on both sides is an icon, not a picture, px

  const scroller = (() => {
    for (let at = root.parentElement; at; at = at.parentElement) {
      const scrolls = /auto|scroll/.test(getComputedStyle(at).overflowY);
      if (scrolls && at.scrollHeight > at.clientHeight + 1) return at;
    }
    return document.scrollingElement;
  })();
  const room = scroller.getBoundingClientRect();

  const shown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true })
      && !element.closest(".aml4d-hidden, [class*=-hidden]");
  };
  const all = (css, within = root) => [...within.querySelectorAll(css)].filter(shown);
  const controlled = all("[class*=-controls]").find((e) => all("input, select", e).length > 0);
  const column = controlled?.closest(".aml4d-left") ?? controlled;
  const stage = all("[class*=-stage]").find((e) => !column?.contains(e)) ?? root;

  const first = (e, _, list) => // of the buttons of one choice
    e.type !== "radio" || list.find((other) => other.type === "radio" && other.name === e.name) === e;
  const controls = all("input, select, textarea", column ?? root)
    .filter((e) => column || stage === root || !stage.contains(e)).filter(first);
  const pads = column ? all("[role=application]", column) : [];
  const drawn = all("canvas, svg, img, [role=img], [role=grid]")
    .filter((e) => !column?.contains(e) && !e.parentElement.closest("svg, [role=img], [role=grid]"))
    .filter((e) => Math.max(e.offsetWidth || e.clientWidth, e.offsetHeight || e.clientHeight)
      >= SMALL)
    .filter((e, _, list) => !list.some((other) => other !== e && other.contains(e)));
  // A part of the stage that scrolls by itself is looked at as one picture.
  const scrolled = (element) => {
    for (let at = element.parentElement; at && at !== root; at = at.parentElement) {
      const scrolls = /auto|scroll/.test(getComputedStyle(at).overflowY);
      if (scrolls && at.scrollHeight > at.clientHeight + 1) return at;
    }
    return element;
  };
  const pictures = [...new Set(drawn.map(scrolled))];

  const named = (element) => {
    const words = element.labels?.[0]?.textContent
      ?? element.closest("[aria-label]")?.getAttribute("aria-label") ?? element.tagName;
    return words.trim().slice(0, 40);
  };

  // --- what no scroll position shows together: a control and a picture ---------------------------
  const inRoom = (element) => {
    const box = element.getBoundingClientRect();
    const height = Math.min(box.height, room.height);
    const seen = Math.min(box.bottom, room.bottom) - Math.max(box.top, room.top);
    return seen >= 0.95 * height;
  };
  const together = new Map(pictures.map((picture) => [picture, new Set()]));
  const start = scroller.scrollTop + root.getBoundingClientRect().top - room.top;
  const end = start + root.getBoundingClientRect().height;
  for (let at = start - room.height; at <= end; at += 20) {
    scroller.scrollTop = at;
    const seen = [...controls, ...pads].filter(inRoom);
    for (const picture of pictures.filter(inRoom)) {
      for (const control of seen) together.get(picture).add(control);
    }
  }
  scroller.scrollTop = start;
  const apart = pictures.flatMap((picture, index) => {
    const never = [...controls, ...pads].filter((e) => !together.get(picture).has(e)).map(named);
    return never.length ? [`${never.join(", ")} / picture ${index + 1}, ${named(picture)}`] : [];
  });

  // --- what sticks out or is cut off -------------------------------------------------------------
  const frame = root.getBoundingClientRect();
  const scrollsAside = (element) => {
    for (let at = element; at !== root.parentElement; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const words = (element) =>
    `${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 30)}”`;
  const cut = all("*").filter((e) => !scrollsAside(e)).flatMap((element) => {
    const { left, right } = element.getBoundingClientRect();
    const out = Math.round(Math.max(frame.left - left, right - frame.right));
    if (out > 1) return [`${words(element)} sticks out by ${out} px`];
    const hides = /hidden|clip/.test(getComputedStyle(element).overflowX);
    const over = element.scrollWidth - element.clientWidth;
    return hides && over > 1 ? [`${words(element)} is cut off by ${over} px`] : [];
  });

  const ARROW = 24; // of a list, px
  const pen = document.createElement("canvas").getContext("2d");
  for (const list of all("select")) {
    const style = getComputedStyle(list);
    pen.font = style.font;
    const longest = Math.max(...[...list.options].map((option) => pen.measureText(option.text).width));
    const inside = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const over = Math.round(longest + ARROW - inside);
    if (over > 1) cut.push(`the names in the list “${named(list)}” are cut off by ${over} px`);
  }

  // --- the largest empty square of the stage -----------------------------------------------------
  const ground = stage.getBoundingClientRect();
  const filled = [...pictures, ...all("canvas, svg, img, video, input, textarea, select, button, [role=grid], table")]
    .filter((element) => stage.contains(element))
    .map((element) => element.getBoundingClientRect());
  const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.textContent.trim() || !shown(walker.currentNode.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    filled.push(...range.getClientRects());
  }
  const [rows, columns] = [ground.height, ground.width].map((size) => Math.floor(size / CELL));
  const taken = new Uint8Array(rows * columns);
  for (const box of filled) {
    const [top, bottom] = [box.top, box.bottom].map((y) => (y - ground.top) / CELL);
    const [left, right] = [box.left, box.right].map((x) => (x - ground.left) / CELL);
    for (let r = Math.max(0, Math.floor(top)); r < Math.min(rows, bottom); r += 1) {
      taken.fill(1, r * columns + Math.max(0, Math.floor(left)),
        r * columns + Math.min(columns, Math.ceil(right)));
    }
  }
  const side = new Uint16Array(rows * columns);
  let largest = 0;
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      const at = r * columns + c;
      if (taken[at]) continue;
      const edge = r === 0 || c === 0;
      side[at] = 1 + (edge ? 0 : Math.min(side[at - 1], side[at - columns], side[at - columns - 1]));
      largest = Math.max(largest, side[at]);
    }
  }

  const title = all("[class*=-title], h3, h4")[0];
  const own = [...(title?.childNodes ?? [])].find((node) => node.textContent.trim());
  return {
    title: own?.textContent.trim() ?? "",
    width: Math.round(frame.width),
    height: Math.round(frame.height),
    room: Math.round(room.height),
    controls: controls.length,
    pictures: pictures.length,
    apart,
    cut,
    hole: largest * CELL,
  };
}
