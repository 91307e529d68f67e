// A photograph is made smaller on the telephone, so that it goes up a weak line. What the camera noted of when and where it
// was taken (EXIF) goes along unchanged, except that the picture now stands upright.
"use strict";

window.Field = window.Field || {};

Field.shrink = (() => {
  const MOST_PIXELS = 1600;
  const QUALITY = 0.82;
  const HEAD_BYTES = 256 * 1024;

  async function shrink(file) {
    let picture;
    try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { throw new Error(`“${file.name}”不是能打开的照片，请换一张。`); }
    const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!small) throw new Error(`“${file.name}”太大，手机处理不了，请换一张。`);
    const camera = cameraData(await file.slice(0, HEAD_BYTES).arrayBuffer());
    return camera ? new Blob([small.slice(0, 2), camera, small.slice(2)], { type: "image/jpeg" }) : small;
  }

  // The EXIF segment of a JPEG with its marker, or null. Segments: FF, marker, length of two bytes with themselves.
  function cameraData(buffer) {
    const bytes = new DataView(buffer);
    if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 4 <= bytes.byteLength;) {
      const marker = bytes.getUint16(at);
      const length = bytes.getUint16(at + 2);
      if ((marker & 0xff00) !== 0xff00 || marker === 0xffda || at + 2 + length > bytes.byteLength) return null;
      if (marker === 0xffe1 && length > 16 && bytes.getUint32(at + 4) === 0x45786966) return upright(buffer.slice(at, at + 2 + length));
      at += 2 + length;
    }
    return null;
  }

  // The canvas drew the picture upright, so that nobody may turn it again: orientation (tag 0x0112) becomes 1.
  function upright(segment) {
    const bytes = new DataView(segment);
    const start = 10;
    const little = bytes.getUint16(start) === 0x4949;
    try {
      const table = start + bytes.getUint32(start + 4, little);
      for (let line = 0; line < bytes.getUint16(table, little); line += 1) {
        const at = table + 2 + line * 12;
        if (bytes.getUint16(at, little) === 0x0112) bytes.setUint16(at + 8, 1, little);
      }
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
    return segment;
  }

  return shrink;
})();
