/** Planning by hand for an app that lacks a package. */
import type { PackageInstall } from '../../appConfig/types.ts';
import type { ResumeTools } from '../ports.ts';
import { handMadeTools, makePorts, type SampleApp } from './sampleApp.ts';

/** What {@link installingTools} plan to install, as results name it. */
export const packagesInstalled = ['@azure/identity@^4.13.0'];

/** Every rewrite that they plan needs `@azure/identity`. */
export function installingTools(app: SampleApp): ResumeTools {
  const hand = handMadeTools(makePorts(app).files);
  const install: PackageInstall = {
    manager: 'yarn',
    args: ['add', ...packagesInstalled],
    folder: app.root,
    packages: [{ name: '@azure/identity', range: '^4.13.0' }],
  };
  return {
    ...hand,
    appConfigs: {
      ...hand.appConfigs,
      planRewrite: async (request, reader) => {
        const plan = await hand.appConfigs.planRewrite(request, reader);
        return plan.status === 'rewrite' ? { ...plan, install } : plan;
      },
    },
  };
}
