// Draws the expiry timeline (src/ui/timeline/layout.ts). Everything from outside goes through textContent: a certificate's name is a stranger's text.
(function () {
  const vscode = acquireVsCodeApi();
  const byId = (id) => document.getElementById(id);
  const [axis, list, rowsBox, details, lead, status] = ['axis', 'list', 'rows', 'details', 'lead', 'status'].map(byId);
  const rowHeight = 30;
  /** Between two labels of the axis, in pixels. */
  const gap = 8;
  let rows = [];
  let marks = [];
  let texts = {};
  let active = -1;
  /** Rows on the screen, by position: of 10,000 only those are elements. */
  let drawn = new Map();

  window.addEventListener('message', ({ data }) => {
    if (data.type === 'timeline') show(data);
    else if (data.type === 'details' && rows[active]?.id === data.id) showDetails(data);
  });
  list.addEventListener('scroll', draw);
  window.addEventListener('resize', () => {
    thinOut();
    draw();
  });
  list.addEventListener('keydown', onKey);
  vscode.postMessage({ type: 'ready' });

  function show({ timeline, texts: given, lead: sentence, say }) {
    const before = rows[active]?.id;
    rows = timeline.rows;
    texts = given;
    lead.textContent = sentence;
    if (say) status.textContent = say;
    list.setAttribute('aria-label', texts.list);
    marks = [
      ...timeline.ticks.map((mark) => ({ ...mark, kind: 'tick' })),
      ...(timeline.threshold ? [{ ...timeline.threshold, kind: 'threshold' }] : []),
      ...(timeline.urgent ? [{ ...timeline.urgent, kind: 'urgency' }] : []),
      { ...timeline.today, kind: 'today' },
    ];
    axis.replaceChildren(
      ...marks.map(({ at, label, kind }) => at_(element('span', { text: label, className: kind }), at)),
    );
    thinOut();
    rowsBox.style.height = `${rows.length * rowHeight}px`;
    document.body.classList.toggle('empty', rows.length === 0);
    const kept = rows.findIndex(({ id }) => id === before);
    drawn.forEach((row) => row.remove());
    drawn = new Map();
    active = -1;
    if (kept >= 0) activate(kept, false);
    else {
      details.replaceChildren();
      list.removeAttribute('aria-activedescendant');
    }
    draw();
  }

  /** Leaves out the labels of the axis that would touch another: today always stays, then what comes first in its line. */
  function thinOut() {
    for (const line of [['.tick'], ['.today', '.threshold', '.urgency']]) {
      const kept = [];
      for (const label of line.flatMap((kind) => [...axis.querySelectorAll(kind)])) {
        const { left, right } = place(label);
        const fits = kept.every((other) => right + gap <= other.left || left >= other.right + gap);
        label.style.visibility = fits ? '' : 'hidden';
        if (fits) kept.push({ left, right });
      }
    }
  }

  const place = (element) => element.getBoundingClientRect();

  function draw() {
    const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 5);
    const last = Math.min(rows.length, Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + 5);
    for (const [index, row] of drawn) {
      if (index >= first && index < last) continue;
      row.remove();
      drawn.delete(index);
    }
    for (let index = first; index < last; index++) {
      if (drawn.has(index)) continue;
      const row = rowOf(rows[index], index);
      drawn.set(index, row);
      rowsBox.append(row);
    }
  }

  function rowOf(row, index) {
    const result = element('div', { className: `row ${row.state}${index === active ? ' active' : ''}` });
    result.id = `row-${index}`;
    result.style.top = `${index * rowHeight}px`;
    result.setAttribute('role', 'option');
    result.setAttribute('aria-selected', String(index === active));
    result.setAttribute('aria-posinset', String(index + 1));
    result.setAttribute('aria-setsize', String(rows.length));
    result.title = row.spoken;
    const name = element('span', { className: 'name' });
    name.append(element('span', { text: row.name }), element('small', { text: row.vault }));
    const track = element('span', { className: 'track' });
    track.append(...marks.map(({ at, kind }) => at_(element('i', { className: kind }), at)));
    if (row.bar) track.append(barOf(row.bar, 'bar'));
    const columns = [name, track, element('span', { text: row.stateText, className: 'state' })];
    for (const column of columns) column.setAttribute('aria-hidden', 'true');
    // A screen reader gets the sentence in place of the columns.
    result.append(...columns, element('span', { text: row.spoken, className: 'visually-hidden' }));
    result.addEventListener('click', () => activate(index, true));
    result.addEventListener('dblclick', () => act('useInApp'));
    return result;
  }

  function barOf(bar, className) {
    const result = element('b', {
      className: `${className}${bar.cutLeft ? ' cut-left' : ''}${bar.cutRight ? ' cut-right' : ''}`,
    });
    result.style.left = `${bar.from}%`;
    result.style.width = `${Math.max(bar.to - bar.from, 0.3)}%`;
    return result;
  }

  function activate(index, ask) {
    const previous = drawn.get(active);
    previous?.classList.remove('active');
    previous?.setAttribute('aria-selected', 'false');
    active = index;
    const top = index * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight - list.clientHeight;
    draw();
    const row = drawn.get(index);
    row?.classList.add('active');
    row?.setAttribute('aria-selected', 'true');
    list.setAttribute('aria-activedescendant', `row-${index}`);
    if (ask) vscode.postMessage({ type: 'select', id: rows[index].id });
  }

  function onKey(event) {
    const page = Math.max(1, Math.floor(list.clientHeight / rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length };
    const step = steps[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      activate(Math.min(Math.max((active < 0 ? (step > 0 ? -1 : 1) : active) + step, 0), rows.length - 1), true);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      details.querySelector('button')?.focus();
    }
  }

  function showDetails({ heading, facts, versions, versionsHeading, actions }) {
    const table = element('dl');
    for (const { label, value, code } of facts) {
      const definition = element('dd');
      definition.append(element(code ? 'code' : 'span', { text: value }));
      table.append(element('dt', { text: label }), definition);
    }
    const bar = element('div', { className: 'actions' });
    for (const { action, label } of actions) {
      const button = element('button', { text: label });
      button.type = 'button';
      button.addEventListener('click', () => act(action));
      bar.append(button);
    }
    const parts = [element('h2', { text: heading }), table, bar];
    if (versions.length > 0) {
      const drawnVersions = element('ul', { className: 'versions' });
      for (const version of versions) {
        const item = element('li');
        const track = element('span', { className: 'track' });
        track.append(...marks.map(({ at, kind }) => at_(element('i', { className: kind }), at)));
        if (version.bar) track.append(barOf(version.bar, 'bar'));
        item.className = version.state;
        item.append(element('span', { text: version.name, className: 'name' }), track);
        item.append(element('span', { text: version.stateText, className: 'state' }));
        drawnVersions.append(item);
      }
      parts.push(element('h3', { text: versionsHeading }), drawnVersions);
    }
    details.replaceChildren(...parts);
  }

  function act(action) {
    if (rows[active]) vscode.postMessage({ type: 'act', id: rows[active].id, action });
  }

  function at_(mark, at) {
    mark.style.left = `${at}%`;
    return mark;
  }

  function element(tag, { text, className } = {}) {
    const result = document.createElement(tag);
    if (text !== undefined) result.textContent = text;
    if (className) result.className = className;
    return result;
  }
})();
