/** The printer's look: what it aligns, where it breaks lines, what it leaves as it is. */
import { describe, expect, test } from 'vitest';
import type { HclBlock, HclItem } from '../../compiler/bindings/hcl-value.js';
import { hclCall, hclMap, hclRef, hclTemplate } from '../../compiler/bindings/hcl-value.js';
import { printFile, printValue } from '../../compiler/emit/hcl/print.js';

const attribute = (name: string, value: HclItem extends infer I ? (I extends { item: 'attribute'; value: infer V } ? V : never) : never, comment?: string): HclItem =>
  ({ item: 'attribute', name, value, ...(comment === undefined ? {} : { comment }) });
const block = (type: string, labels: string[], ...body: HclItem[]): HclBlock => ({ item: 'block', type, labels, body });

describe('a file', () => {
  test('aligns runs, sets blocks apart, and keeps the order given', () => {
    const body = [
      attribute('node_name', 'maturin'),
      attribute('vm_id', 228),
      attribute('tags', ['docker', 'lab']),
      attribute('started', true, 'Explicit.'),
      attribute('on_boot', true),
      block('serial_device', []),
      block('disk', [], attribute('interface', 'scsi0'), attribute('import_from', hclRef('proxmox_download_file', 'debian', 'id')), attribute('size', 64)),
      block('lifecycle', [], attribute('ignore_changes', [hclRef('disk', 1, 'size'), hclRef('a', 'b c')]), attribute('prevent_destroy', true)),
    ];
    expect(printFile(['From labs/home.\nSecond line.'], [{ ...block('resource', ['vm', 'carrie'], ...body), comment: 'The machine.' }])).toMatchInlineSnapshot(`
      "# From labs/home.
      # Second line.

      # The machine.
      resource "vm" "carrie" {
        node_name = "maturin"
        vm_id     = 228
        tags      = ["docker", "lab"]

        # Explicit.
        started = true
        on_boot = true

        serial_device {}

        disk {
          interface   = "scsi0"
          import_from = proxmox_download_file.debian.id
          size        = 64
        }

        lifecycle {
          ignore_changes  = [disk[1].size, a["b c"]]
          prevent_destroy = true
        }
      }
      "
    `);
  });

  test('sets a raw fragment in place and leaves heredocs alone', () => {
    const text = '\n    usb {\n      host = "x"\n    }\n    note = <<-EOT\n  kept  \n      EOT\n';
    expect(printFile([], [block('resource', ['a', 'b'], attribute('x', 1), { item: 'fragment', text })])).toBe(
      'resource "a" "b" {\n  x = 1\n\n  usb {\n    host = "x"\n  }\n  note = <<-EOT\n  kept  \n      EOT\n}\n',
    );
  });

  test('a comment cannot end early', () => {
    expect(printFile(['a\rb\u2028c\u0085d'], [])).toBe('# a b c d\n');
  });
});

describe('a value', () => {
  test('escapes what has meaning and nothing else', () => {
    expect(printValue('say "hi" \\ ${x} %{ if } $x 100% ünï 🐳')).toBe('"say \\"hi\\" \\\\ $${x} %%{ if } $x 100% ünï 🐳"');
    expect(printValue('a\nb\t\u0000\u2028\u202e$${')).toBe('"a\\nb\\t\\u0000\\u2028\\u202e$\\u0024{"');
    expect(printValue(hclTemplate('$', hclRef('local', 'x'), '', '{'))).toBe('"\\u0024${local.x}{"');
    expect(printValue(hclTemplate(hclRef('local', 'x')))).toBe('local.x');
  });

  test('keys are bare where HCL reads them as names', () => {
    expect(printValue(hclMap([['a-b', 1], ['for', 2], ['1', 3], ['ü', [hclCall('file', 'x')]]]))).toBe('{\n  a-b      = 1\n  "for"    = 2\n  "1"      = 3\n  "\\u00fc" = [file("x")]\n}');
  });

  test('long lists stand one entry a line', () => {
    expect(printValue(['x'.repeat(60), 'y'.repeat(60), { a: 1 }])).toBe(`[\n  "${'x'.repeat(60)}",\n  "${'y'.repeat(60)}",\n  {\n    a = 1\n  },\n]`);
  });
});
