// npm run codes: renews the README's lists of codes from the source.
import './host/nodeVersion.mjs';

const { renewSection } = await import('./readme/section.ts');
renewSection();
