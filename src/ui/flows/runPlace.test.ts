import assert from 'node:assert/strict';
import { memoryReader } from '../../appConfig/testing/memoryReader.ts';
import { runPlace } from './runPlace.ts';

const look = (files: Record<string, string>, appRoot = '/work/app', roots: readonly string[] = ['/work']) =>
  runPlace(appRoot, roots, memoryReader({ '/work/app/server.js': '', ...files }));

describe('where an app runs', () => {
  for (const [file, text, trace] of [
    ['/work/app/azure.yaml', '', 'azure.yaml'],
    ['/work/azure.yaml', '', 'azure.yaml'],
    ['/work/infra/main.bicep', '', 'infra/main.bicep'],
    ['/work/app/azuredeploy.json', '{}', 'azuredeploy.json'],
    ['/work/terraform/main.tf', 'provider "azurerm" {}', 'terraform/main.tf'],
    [
      '/work/.github/workflows/main_web.yml',
      'steps:\n  - uses: azure/webapps-deploy@v3\n',
      '.github/workflows/main_web.yml',
    ],
    [
      '/work/.github/workflows/ship.yaml',
      "- uses: 'azure/container-apps-deploy-action@v1'",
      '.github/workflows/ship.yaml',
    ],
    ['/work/azure-pipelines.yml', '- task: AzureWebApp@1', 'azure-pipelines.yml'],
  ] as const)
    it(`is Azure with ${file}`, async () => {
      assert.deepEqual(await look({ [file]: text, '/work/app/Dockerfile': '' }), { kind: 'azure', trace });
    });

  for (const file of ['Dockerfile', 'compose.yaml', 'docker-compose.prod.yml', 'k8s/web.yaml', 'Chart.yaml'])
    it(`is a container with ${file}`, async () => {
      const trace = file.startsWith('k8s') ? 'k8s' : file;
      assert.deepEqual(await look({ [`/work/app/${file}`]: '' }), { kind: 'container', trace });
    });

  it('is Azure where the app uses packages of Azure, but for those of MSAL', async () => {
    const using = (...names: string[]) =>
      JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])) });
    assert.deepEqual(await look({ '/work/app/package.json': using('@azure/msal-node', '@azure/storage-blob') }), {
      kind: 'azure',
      trace: '@azure/storage-blob',
      isPackage: true,
    });
    assert.equal(await look({ '/work/app/package.json': using('@azure/msal-node', '@azure/msal-browser') }), undefined);
  });

  for (const [what, files] of [
    ['nothing but code', {}],
    ['a package.json that cannot be read', { '/work/app/package.json': '{' }],
    ['a package.json with odd dependencies', { '/work/app/package.json': '{"dependencies":[1]}' }],
    ['a workflow that only tests', { '/work/.github/workflows/test.yml': '- run: npm test # azure/webapps-deploy' }],
    ['Terraform for another cloud', { '/work/terraform/main.tf': 'provider "aws" {}' }],
    ['a pipeline that only builds', { '/work/azure-pipelines.yml': '- task: NodeTool@0' }],
    ['a huge file', { '/work/main.tf': `azurerm${' '.repeat(70_000)}` }],
    ['a file above the workspace', { '/azure.yaml': '' }],
  ] as const)
    it(`is not told by ${what}`, async () => {
      assert.equal(await look(files), undefined);
    });
});
