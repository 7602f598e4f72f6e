/**
 * Packs this folder as a .vsix that installs offline. A .vsix is a zip archive with a manifest and a list of content types.
 * The same folder gives the same bytes. `pack()` returns the archive; run as a program, the file is written beside this one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const files = ['package.json', 'language-configuration.json', 'README.md', 'snippets/lab.json', 'syntaxes/lab.tmLanguage.json'];

export function pack() {
  const content = Object.fromEntries(files.map((file) => [`extension/${file}`, readFileSync(new URL(file, import.meta.url))]));
  const about = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const entries = { '[Content_Types].xml': Buffer.from(contentTypes), 'extension.vsixmanifest': Buffer.from(manifest(about)), ...content };
  return { name: `${about.name}-${about.version}.vsix`, data: zipSync(entries, { mtime: '1980-01-01T00:00:00' }) };
}

const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".md" ContentType="text/markdown"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
`;

function manifest({ name, displayName, description, version, publisher, categories, engines }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${xml(name)}" Version="${xml(version)}" Publisher="${xml(publisher)}"/>
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Categories>${xml(categories.join(','))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}"/>
    </Properties>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

function xml(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, data } = pack();
  writeFileSync(new URL(name, import.meta.url), data);
  console.log(`packed grammar/vscode/${name}, ${data.length} bytes`);
}
