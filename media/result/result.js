// Renders a report (src/ui/views/report.ts). Everything from outside goes through textContent: a certificate's subject is a stranger's text.
(function () {
  const vscode = acquireVsCodeApi();
  const root = document.getElementById('report');
  const status = document.getElementById('status');
  let copied = '';

  window.addEventListener('message', (event) => {
    if (event.data.type === 'report') render(event.data.report);
  });
  vscode.postMessage({ type: 'ready' });

  function render(report) {
    copied = report.copied;
    root.replaceChildren(
      element('h1', { text: report.title }),
      element('p', { text: report.lead, className: 'lead' }),
      ...report.sections.map((section, index) => sectionOf(section, `section-${index}`)),
    );
  }

  function sectionOf(section, id) {
    const heading = element('h2', { text: section.heading });
    heading.id = id;
    const result = element('section');
    result.setAttribute('aria-labelledby', id);
    result.append(heading);
    if (section.validity) result.append(validityOf(section.validity));
    if (section.notes) result.append(list('ul', 'notes', section.notes.map(noteOf)));
    if (section.question) result.append(questionOf(section.question));
    if (section.steps) result.append(list('ol', 'steps', section.steps.map(stepOf)));
    if (section.rows) result.append(tableOf(section.rows));
    return result;
  }

  function validityOf({ from, to, today, state, spoken }) {
    const bar = element('div', { className: 'life' });
    const passed = element('div', { className: 'passed' });
    passed.style.width = `${today}%`;
    bar.append(passed);
    const ends = element('div', { className: 'ends' });
    ends.append(element('span', { text: from }), element('span', { text: to }));
    const result = element('div', { className: `validity ${state}` });
    result.setAttribute('role', 'img');
    result.setAttribute('aria-label', spoken);
    result.append(bar, ends);
    return result;
  }

  function questionOf({ label, button, problem }) {
    const form = element('form');
    const name = element('label', { text: label });
    name.htmlFor = 'answer';
    const input = element('input');
    input.id = 'answer';
    input.type = 'password';
    input.autocomplete = 'off';
    const submit = element('button', { text: button, className: 'primary' });
    submit.type = 'submit';
    const line = element('div', { className: 'actions' });
    line.append(input, submit);
    form.append(name, line);
    if (problem) {
      const said = element('p', { text: problem, className: 'problem' });
      said.id = 'answer-problem';
      input.setAttribute('aria-describedby', said.id);
      input.setAttribute('aria-invalid', 'true');
      form.append(said);
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = input.value;
      input.value = '';
      vscode.postMessage({ type: 'answer', text });
    });
    // A file that is only previewed leaves the focus in the explorer, where the next key is meant to go.
    if (document.hasFocus()) window.requestAnimationFrame(() => input.focus());
    else window.addEventListener('focus', () => focusUnlessElsewhere(input), { once: true });
    return form;
  }

  function focusUnlessElsewhere(input) {
    const focused = document.activeElement;
    if (input.isConnected && (focused === null || focused === document.body)) input.focus();
  }

  function tableOf(rows) {
    const body = element('tbody');
    for (const row of rows) {
      const name = element('th', { text: row.label });
      name.scope = 'row';
      const value = element('td');
      value.append(element(row.code ? 'code' : 'span', { text: row.value }), ...buttons(row.actions));
      const line = element('tr');
      line.append(name, value);
      body.append(line);
    }
    const table = element('table');
    table.append(body);
    return table;
  }

  function noteOf(note) {
    const item = element('li', { className: `note ${note.severity}` });
    const text = element('p');
    text.append(element('strong', { text: note.severityText }), ' ', element('span', { text: note.text }));
    item.append(text, actionBar(note.actions));
    return item;
  }

  function stepOf(step) {
    const item = element('li');
    if (step.title) item.append(element('h3', { text: step.title }));
    if (step.text) item.append(element('p', { text: step.text }));
    item.append(actionBar(step.actions));
    return item;
  }

  function actionBar(actions) {
    const bar = element('div', { className: 'actions' });
    bar.append(...buttons(actions));
    return bar;
  }

  function buttons(actions = []) {
    return actions.map((action) => {
      const button = element('button', { text: action.label, className: action.primary ? 'primary' : '' });
      button.type = 'button';
      if (action.spoken) button.setAttribute('aria-label', action.spoken);
      button.addEventListener('click', () => {
        vscode.postMessage({ type: 'act', action: action.action });
        if (action.copies) say(copied);
      });
      return button;
    });
  }

  function say(text) {
    status.textContent = '';
    // A change of text is what screen readers announce, also when the same is said twice.
    window.requestAnimationFrame(() => {
      status.textContent = text;
      status.classList.add('shown');
      setTimeout(() => status.classList.remove('shown'), 2000);
    });
  }

  function list(tag, className, items) {
    const result = element(tag, { className });
    result.append(...items);
    return result;
  }

  function element(tag, { text, className } = {}) {
    const result = document.createElement(tag);
    if (text !== undefined) result.textContent = text;
    if (className) result.className = className;
    return result;
  }
})();
