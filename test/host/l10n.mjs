// npm run l10n: exports every localisable text of src/ to l10n/bundle.l10n.json.
import './nodeVersion.mjs';

const { writeTexts } = await import('./texts.ts');
console.log(`${await writeTexts()} texts`);
