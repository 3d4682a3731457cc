// Containers for the inputs of report cases: gzip by Node, ZIP by hand (APPNOTE, 4.3).

import { deflateRawSync, gzipSync } from "node:zlib";

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32. */
function checksum(octets) {
  return (octets.reduce((sum, octet) => (sum >>> 8) ^ table[(sum ^ octet) & 0xff], 0xffffffff) ^ 0xffffffff) >>> 0;
}

/** A ZIP file with these members, deflated. */
export function zip(members) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, text } of members) {
    const path = Buffer.from(name);
    const content = Buffer.from(text ?? "");
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(checksum(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, path, packed]);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, where, path]));
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...parts, index, end]));
}

/** The octets of one input of a report case. */
export function octetsOf(input) {
  if (input.base64 !== undefined) return new Uint8Array(Buffer.from(input.base64, "base64"));
  if (input.gzip_text !== undefined) return new Uint8Array(gzipSync(input.gzip_text));
  if (input.zip !== undefined) return zip(input.zip);
  if (input.text !== undefined) return new TextEncoder().encode(input.text);
  throw new Error(`the input ${input.path} has no content that this runner knows: ${Object.keys(input)}`);
}
