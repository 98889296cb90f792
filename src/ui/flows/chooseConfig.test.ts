import assert from 'node:assert/strict';
import type { AppConfig, CredentialKind } from '../../appConfig/types.ts';
import { scriptedQuestions } from '../testing/scriptedQuestions.ts';
import { chooseConfig } from './chooseConfig.ts';

const app = (file: string, credential: CredentialKind): AppConfig => ({
  file,
  line: 1,
  column: 1,
  credential,
  tenantKind: 'workforce',
  moduleKind: 'commonjs',
  language: 'javascript',
  msal: { source: 'unknown' },
  appRoot: '/app',
});

describe('the question which app a command is about', () => {
  const apps = [app('/a.js', 'certificate'), app('/b.js', 'secret'), app('/c.js', 'certificate')];

  it('says which command asks, and offers those that use a certificate', async () => {
    const questions = scriptedQuestions('/c.js');
    const chosen = await chooseConfig(apps, 'Rotate Certificate', questions, (file) => file);
    questions.done();
    assert.equal(chosen.file, '/c.js');
    assert.equal(questions.asked[0]?.title, 'Rotate Certificate');
    assert.equal(questions.asked[0].offered?.length, 2);
  });

  it('is not asked where one app is left', async () => {
    const questions = scriptedQuestions();
    assert.equal((await chooseConfig(apps.slice(0, 2), 'Run and Test', questions, (file) => file)).file, '/a.js');
  });
});
