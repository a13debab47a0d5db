// Looks on from within a tab, before anything of the page runs there.

window.observer = {
  /** When each task of more than 50 ms has ended, and how long it took, in milliseconds since the tab went there. */
  longTasks: [],

  /** Resolves with the time of the frame after the one in which something of this selector is first within what one sees. */
  seen(selector) {
    return new Promise((resolve) => {
      const look = () => {
        const element = [...document.querySelectorAll(selector)].at(-1);
        const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
        if (!element || bottom <= 0 || top >= innerHeight) requestAnimationFrame(look);
        else requestAnimationFrame(() => resolve(performance.now()));
      };
      look();
    });
  },

  /** Resolves with the time at which the page has the whole journal of the run that it shows. */
  caughtUp() {
    return new Promise((resolve) => {
      const look = () => {
        const isCaughtUp = globalThis.optioCodex?.feed.journal?.isCaughtUp;
        if (isCaughtUp?.value) resolve(performance.now());
        else if (isCaughtUp) isCaughtUp.subscribe(() => resolve(performance.now()));
        else setTimeout(look, 50);
      };
      look();
    });
  },

  middleOf(selector) {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  },

  /** When somebody has pressed the mouse for the last time. */
  pressedAt: 0,

  answer: undefined,

  /** Waits for a key: `answer` is then the time of the frame after the one in which something of this selector is there. */
  listen(selector) {
    this.answer = new Promise((resolve) => {
      addEventListener('keydown', () => void this.seen(selector).then(resolve), { once: true, capture: true });
    });
  },

  /** Resolves once no task of more than 50 ms came for so long, with the end of the last one. */
  quiet(ms) {
    return new Promise((resolve) => {
      const look = () => {
        const last = this.longTasks.at(-1)?.endedAt ?? 0;
        if (performance.now() - last < ms) setTimeout(look, ms / 5);
        else resolve(last);
      };
      look();
    });
  },

  /** Resolves in the next frame, with how far this is scrolled. */
  nextFrame(selector) {
    const scroller = document.querySelector(selector);
    return new Promise((resolve) => requestAnimationFrame(() => resolve(scroller.scrollTop)));
  },

  /** Scrolls to a place at once: 0 is the beginning, 1 the end. */
  jump(selector, share) {
    const scroller = document.querySelector(selector);
    scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
  },

  /** Resolves once the message that grows is whole. */
  whole() {
    return new Promise((resolve) => {
      const look = () => {
        const { feed } = window.optioCodex;
        const turn = feed.journal.view.turns['turn-of-the-story'];
        if (turn.items.story.isOpen) setTimeout(look, 50);
        else requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      };
      look();
    });
  },

  frames: undefined,

  /** Begins to look, in each frame, whether there are rows wherever there have to be some. */
  watch(scrollerSelector, rowSelector, headSelector) {
    const scroller = document.querySelector(scrollerSelector);
    const frames = { count: 0, blank: 0, late: 0, isOver: false };
    this.frames = frames;
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      if (!frames.isOver && isBlank(scroller, rowSelector, headSelector)) frames.blank += 1;
    };
    let last = performance.now();
    const look = (now) => {
      if (frames.isOver) return;
      frames.count += 1;
      if (now - last > 50) frames.late += 1;
      last = now;
      // Rows are measured, and then shown, between this and the painting; what is posted now comes right after that.
      painted.port2.postMessage(null);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  },

  /** Grows a text in the simplest way there is, so many pieces in each frame; resolves when all of them are there. */
  grow(pieces, perFrame) {
    const text = document.querySelector('pre').appendChild(document.createTextNode(''));
    return new Promise((resolve) => {
      let at = 0;
      const step = () => {
        if (at >= pieces.length) return resolve();
        text.appendData(pieces.slice(at, at + perFrame).join(''));
        at += perFrame;
        requestAnimationFrame(step);
      };
      step();
    });
  },
};

addEventListener('pointerdown', ({ timeStamp }) => (window.observer.pressedAt = timeStamp), { capture: true });

/** Whether there is a place within the list, and within what one sees of it, that no visible row covers. */
function isBlank(scroller, rowSelector, headSelector) {
  const rows = [...scroller.querySelectorAll(rowSelector)];
  const list = rows[0]?.parentElement?.parentElement;
  if (!list) return true;
  const [view, bounds] = [scroller.getBoundingClientRect(), list.getBoundingClientRect()];
  // Not by elements under a point: while one scrolls, rows let pointers through.
  const shown = rows
    .filter((row) => row.checkVisibility({ visibilityProperty: true }))
    .map((row) => row.getBoundingClientRect());
  const end = Math.min(view.bottom, bounds.bottom) - 2;
  const head = headSelector === null ? undefined : scroller.querySelector(headSelector)?.getBoundingClientRect();
  let covered = Math.max(view.top, bounds.top, head?.bottom ?? 0) + 2;
  for (const { top, bottom } of shown.sort((one, other) => one.top - other.top)) {
    if (top > covered) break;
    covered = Math.max(covered, bottom + 1);
  }
  return covered < end;
}

new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    window.observer.longTasks.push({ endedAt: startTime + duration, ms: duration });
  }
}).observe({ type: 'longtask', buffered: true });
