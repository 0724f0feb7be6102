'use strict';
const $ = id => document.getElementById(id);
const form = $('form');
const base = new URL(form.action).pathname.replace(/\/explain$/, '');
const share = value => value.toFixed(3);

function facts(answer, explained) {
  const set = answer.predictionSet;
  const distance = answer.trainingDistance;
  const rows = [
    [`Probability of ${answer.positive}`, share(answer.probability)],
    ['Calibrated', answer.calibratedProbability === null ? 'not known: the model has no calibration' : share(answer.calibratedProbability)],
    ['Cannot be ruled out', set === null ? 'not known: the model has no prediction sets'
      : `${set.length ? set.join(', ') : 'neither class'} (holds the right class ${Math.round(100 * answer.setLevel)} % of the time)`],
    ['Distance to the training images', distance === null ? 'not known'
      : `${share(distance.value)}, up to ${share(distance.threshold)} is usual`],
    ['The map shows', explained],
  ];
  $('facts').replaceChildren(...rows.flatMap(([name, value]) => {
    const [term, description] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    description.textContent = value;
    return [term, description];
  }));
}

function show(explanation) {
  const { answer } = explanation;
  $('label').textContent = `The network answers: ${answer.label}`;
  const warnings = [
    answer.trainingDistance?.isUnlike ? 'This is unlike the images that the network was trained on: the answer means little.' : null,
    answer.note,
  ].filter(Boolean);
  $('warning').textContent = warnings.join(' ');
  $('warning').hidden = warnings.length === 0;
  $('slice').src = `data:image/png;base64,${explanation.slice}`;
  $('map').src = `data:image/png;base64,${explanation.map}`;
  $('map').alt = `Where the network saw ${explanation.explained}`;
  facts(answer, explanation.explained);
  $('result').hidden = false;
  $('result').focus();
}

async function problemOf(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The service answered ${response.status}.`;
  }
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  const body = new FormData();
  body.append('file', $('file').files[0], 'slice'); // Its name, which may be a patient's, stays here.
  $('problem').textContent = '';
  $('result').hidden = true;
  $('state').textContent = 'The slice is being classified.';
  $('send').disabled = true;
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' } });
    if (response.ok) {
      show(await response.json());
      $('state').textContent = '';
    } else {
      $('problem').textContent = await problemOf(response);
      $('state').textContent = '';
    }
  } catch {
    $('state').textContent = '';
    $('problem').textContent = 'The service does not answer. Is it running, and is the file still there?';
  } finally {
    $('send').disabled = false;
  }
});

$('opacity').addEventListener('input', () => {
  $('map').style.opacity = $('opacity').value / 100;
  $('strength').textContent = `${$('opacity').value} %`;
});

fetch(`${base}/model`).then(async response => {
  const card = response.ok ? await response.json() : null;
  $('model').textContent = card === null ? await problemOf(response)
    : `${card.name ? `${card.name}: ` : ''}${card.network} tells ${card.classes.join(' from ')}`
      + `${card.isCalibrated ? ', calibrated' : ''}${card.setLevel === null ? '' : `, with ${Math.round(100 * card.setLevel)} % prediction sets`}.`;
}, () => { $('model').textContent = 'The service does not answer.'; });
