"""An explorer in a lesson's page: how it is found, looked at, moved and waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lab
import layout
from playwright.sync_api import Locator

SLOW = 240_000
"""How long slow work may take, ms."""
SOON = 20_000
"""How long anything else may take, ms."""

# What the stage shows, as the page draws it: pixels of canvases, lines and numbers of plots, words.
# What the student draws on a pad is no answer. It stays in the page: a digest is enough to compare.
_SEEN = """async found => {
  const stage = found.querySelector('.aml4d-stage') ?? found;
  const canvases = [...stage.querySelectorAll('canvas')]
    .filter(({ width, height }) => width && height).filter(canvas => !canvas.closest('.aml4d-pad'));
  const pixels = canvases.map(canvas => canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data);
  const words = [
    ...canvases.map(({ width, height }) => `${width} x ${height}`),
    ...[...stage.querySelectorAll('svg')].map(svg => svg.innerHTML),
    stage.innerText,
  ].join('|');
  const all = await new Blob([...pixels, words]).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all)).join();
}"""
# What the explorer says: its sentence and the words of its pictures.
_SAID = """found => [
  found.querySelector('[data-role=caption]')?.textContent,
  ...[...(found.querySelector('.aml4d-stage') ?? found).querySelectorAll('[aria-label]')]
    .map(e => e.ariaLabel),
].join('|')"""
_SHOWN = f"found => Promise.all([({_SEEN})(found), ({_SAID})(found)])"
_WORKS = """found => {
  const work = found.querySelector('.aml4d-caption .aml4d-row');
  return Boolean(work && !work.hidden || found.querySelector('[data-busy]'));
}"""
# Resolves once Python has answered all that the page has sent, no work goes on and all is drawn.
_SETTLED = f"""(found, patience) => {{
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const works = () => ({_WORKS})(found);
  const pause = () => new Promise(done => setTimeout(done, 50)); // the kernel needs the processor
  let late = false;
  const settled = async () => {{
    await drawn();
    do {{
      await kernel.requestCommInfo({{ target_name: 'none' }}); // answered after all before it
      while (works() && !late) await pause();
      await drawn();
    }} while (works() && !late);
  }};
  const patient = new Promise((_, refuse) => setTimeout(() => {{
    late = true;
    refuse(new Error('It still works.'));
  }}, patience));
  return Promise.race([settled(), patient]);
}}"""
# Resolves once something is seen of an answer, or nothing more will come; tells which.
_ANSWERED = f"""async (found, [later, before, patience]) => {{
  const look = () => later
    ? found.querySelector('[data-role=caption]').innerText : ({_SEEN})(found);
  let over = false;
  const settled = ({_SETTLED})(found, patience).finally(() => {{ over = true; }});
  for (;;) {{
    const last = over;
    if (await look() !== before) return true;
    if (last) return false;
    await Promise.race([settled, new Promise(done => setTimeout(done, 100))]);
  }}
}}"""
_SET = "c => c.type === 'checkbox' ? String(c.checked) : c.value"
# What else a list or a switch may be set to, and how it is set.
_OTHERS = """c => c.type === 'checkbox' ? [String(!c.checked)]
  : [...c.options ?? []].map(option => option.value).filter(value => value !== c.value)"""
_CHOOSE = """(c, value) => {
  if (c.type === 'checkbox') { c.click(); return; }
  c.value = value;
  c.dispatchEvent(new Event('change', { bubbles: true }));
}"""
# Groups of keys that move a control from where it stands; the next group when nothing changed.
_KEYS = """control => {
  if (control.type === 'checkbox') return [['Space']];
  if (control.tagName === 'SELECT') {
    const [at, last] = [control.selectedIndex, control.options.length - 1];
    return [...Array(last - at).fill(['ArrowDown']), ...Array(last).fill(['ArrowUp'])];
  }
  const arrow = Number(control.value) < Number(control.max) ? 'ArrowRight' : 'ArrowLeft';
  return [Array(3).fill(arrow), ['End'], ['Home']];
}"""


def explorer(lesson: lab.Notebook, title: str) -> Locator:
    found = lesson.explorer(title)
    found.scroll_into_view_if_needed()
    return found


def file_name(title: str) -> str:
    """Return a title as it stands in a screenshot's name."""
    return re.sub("[^a-z0-9]+", "_", title.lower()).strip("_")


def seen(found: Locator) -> str:
    return found.evaluate(_SEEN)


def later(control: Locator) -> bool:
    """Tell whether a control acts with what comes next, and changes only the sentence at once."""
    return control.evaluate("control => 'later' in control.dataset")


def answer(found: Locator, control: Locator) -> str:
    """Return what a control changes at once: what is seen, or the sentence if it acts later."""
    return sentence(found) if later(control) else seen(found)


def answered(found: Locator, control: Locator, before: str) -> bool:
    """Wait for the beginning of a control's answer; tell whether there is one.

    Slow work may still go on.
    """
    return found.evaluate(_ANSWERED, [later(control), before, SLOW])


def said(found: Locator) -> str:
    """Return the sentence of an explorer and the words of its pictures."""
    return found.evaluate(_SAID)


def sentence(found: Locator) -> str:
    return found.locator("[data-role=caption]").inner_text()


def wait_for_change(found: Locator, before: str) -> None:
    _wait_until(found, f"async before => await ({_SEEN})(found) !== before", before)


def _wait_until(found: Locator, holds: str, value: str) -> None:
    """Wait until what is asked with ``value`` of an explorer, ``found``, holds."""
    found.evaluate(
        f"""async (found, [value, patience]) => {{
          const holds = {holds};
          for (const start = performance.now(); !await holds(value);) {{
            if (performance.now() - start > patience) throw new Error('It does not come.');
            await new Promise(done => setTimeout(done, 100));
          }}
        }}""",
        [value, SOON],
    )


def settled(found: Locator) -> None:
    """Wait until Python owes no answer, no work goes on and the page has drawn."""
    found.evaluate(_SETTLED, SLOW)


def reset(found: Locator) -> None:
    """Press Reset and wait for its answer."""
    found.get_by_role("button", name="Reset", exact=True).first.click()
    settled(found)


def filled(found: Locator) -> None:
    """Wait for the work that goes on in the background since the explorer came into view, if any.

    What it adds stays: only then a Reset leads back to what was seen before.
    """
    if found.locator(".aml4d-controls[data-seen]").count():
        for _ in range(30):  # it rests before it begins; it may have ended already
            if found.evaluate(_WORKS):
                break
            found.page.wait_for_timeout(100)
        settled(found)


def controls(found: Locator) -> list[Locator]:
    """Return the sliders, lists and switches of a column, those behind a disclosure too."""
    found.evaluate("found => found.querySelectorAll('details').forEach(d => { d.open = true; })")
    column = found.locator(".aml4d-controls").first
    return column.locator("input[type=range], input[type=checkbox], select").all()


def check_every_control(found: Locator) -> None:
    """Each control changes what is seen, by keys; each slider by mouse; Reset goes back to all.

    One that acts with what comes next changes the sentence. That the words follow every control is
    held without a browser, for every explorer.
    """
    try:
        _move_every_control(found)
    except BaseException:
        reset(found)
        raise


def _move_every_control(found: Locator) -> None:
    every = controls(found)
    empty = start_again(found)
    filled(found)
    first = found.evaluate(_SHOWN)
    words = {first[1]}
    for place, control in enumerate(every):
        tried = (_answers(found, control) for _ in _settings(found, every, place))
        needed = next((count for count, changes in enumerate(tried) if changes), None)
        assert needed is not None, f"Nothing changes with {layout.name_of(control)!r}."
        lab.drawn(found.page)
        words.add(said(found))
        if control.get_attribute("type") == "range":
            if found.evaluate(_WORKS):  # slow work need not come to its end
                settled(found) if needed else start_again(found)
            _drag(found, control)
        start_again(found)
    assert len(words) > 1 or len(every) < 2 or found.locator(".aml4d-pad").count()
    if empty:  # a stroke more is no way back
        reset(found)
        return
    shows = f"async first => String(await ({_SHOWN})(found)) === first"
    _wait_until(found, shows, ",".join(first))


def start_again(found: Locator) -> bool:
    """Go back to the beginning and forget what was tried; tell whether a pad was empty then.

    Of an empty pad there is nothing to say: a stroke is drawn on it.
    """
    reset(found)
    for clear in found.get_by_role("button", name="Clear", exact=True).all():
        if clear.is_enabled() and not clear.evaluate("e => Boolean(e.closest('.aml4d-pad'))"):
            clear.click()
            settled(found)
    empty = found.locator(".aml4d-pad-ground[aria-label*='covers 0 %']").all()
    for pad in empty:
        pad.focus()
        for key in ("Space", *["ArrowDown"] * 8, "Space"):
            found.page.keyboard.press(key)
        settled(found)
    return bool(empty)


def _settings(found: Locator, every: list[Locator], place: int) -> Iterator[None]:
    """Go through settings of the other controls, for one that has nothing to say at first.

    Those that stand near it come first: it most likely depends on them.
    """
    yield
    near = sorted(set(range(len(every))) - {place}, key=lambda other: abs(other - place))
    sliders = [every[other] for other in near if every[other].get_attribute("type") == "range"]
    for lowered in ([], sliders):
        for other in (every[other] for other in near):
            for choose in other.evaluate(_OTHERS):
                start_again(found)
                other.evaluate(_CHOOSE, choose)
                settled(found)
                for slider in lowered:
                    slider.press("Home")
                    settled(found)
                    yield
                if not lowered:
                    yield


def _answers(found: Locator, control: Locator) -> bool:
    """Tell whether what is seen changes when a control is moved by keys."""
    before = answer(found, control)
    for keys in control.evaluate(_KEYS):
        stood = control.evaluate(_SET)
        control.focus()
        for key in keys:
            found.page.keyboard.press(key)
        changes = answered(found, control, before)
        assert control.evaluate(_SET) != stood, f"{keys} does not move {layout.name_of(control)!r}."
        if changes:
            return True
    return False


def _drag(found: Locator, slider: Locator) -> None:
    """Drag a slider with the mouse far from where it is, and to its ends; something must change."""
    before = answer(found, slider)
    share = slider.evaluate("c => (c.value - c.min) / (c.max - c.min)")
    for goal in (0.8 if share < 0.6 else 0.2, 0.02, 0.98):
        box = lab.box_of(slider)
        y, mouse = box["y"] + box["height"] / 2, found.page.mouse
        mouse.move(box["x"] + box["width"] / 2, y)
        mouse.down()
        mouse.move(box["x"] + box["width"] * goal, y, steps=2)
        mouse.up()
        if answered(found, slider, before):
            return
    raise AssertionError(f"Dragging {layout.name_of(slider)!r} changes nothing.")
