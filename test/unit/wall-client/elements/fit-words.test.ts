import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWords, type KeptEnd } from '../../../../wall-client/elements/fit-words.ts';
import { shortUnitName } from '../../../../wall-client/elements/unit-name.ts';

const letters = (text: string) => text.length;

describe('fitWords', () => {
  const name = 'Đồng hồ tổng Phường Thành Vinh';

  it.each<[number, KeptEnd, string, string]>([
    [40, 'start', name, 'all fits'],
    [20, 'start', 'Đồng hồ tổng Phường…', 'cut after a word'],
    [19, 'start', 'Đồng hồ tổng…', 'a word that fits only without its ellipsis goes'],
    [24, 'end', '… tổng Phường Thành Vinh', 'a place keeps its last words'],
    [2, 'start', 'Đồng…', 'one word stays, however narrow'],
    [2, 'end', '… Vinh', 'and so it does at the other end'],
  ])('in %d letters, keeping the %s: %s (%s)', (width, kept, expected) => {
    expect(fitWords(name, width, letters, kept)).toBe(expected);
  });

  it('never cuts a syllable, and fits whenever one word does', () => {
    const word = fc.stringMatching(/^[a-zăâđêôơư]{1,8}$/);
    const kept = fc.constantFrom('start' as const, 'end' as const);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 80 }),
        kept,
        (words, width, end) => {
          const fitted = fitWords(words.join(' '), width, letters, end);
          const left = fitted.replace(/^… |…$/g, '').split(' ');
          const from = end === 'end' ? words.length - left.length : 0;
          expect(words.slice(from, from + left.length)).toEqual(left);
          if (left.length > 1) expect(fitted.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('shortUnitName', () => {
  it.each([
    ['Sở Nông nghiệp và Môi trường', 'Sở NN&MT'],
    ['Sở Khoa học và Công nghệ', 'Sở KH&CN'],
    ['Sở Văn hóa, Thể thao và Du lịch', 'Sở VHTT&DL'],
    ['Sở Giáo dục và Đào tạo', 'Sở GD&ĐT'],
    ['Sở Xây dựng', 'Sở XD'],
    ['Sở Y tế', 'Sở Y tế'],
    ['Ủy ban nhân dân tỉnh Nghệ An', 'UBND tỉnh Nghệ An'],
    ['Công an tỉnh', 'Công an tỉnh'],
    ['Phường Trường Vinh', 'Phường Trường Vinh'],
  ])('%s → %s', (name, short) => {
    expect(shortUnitName(name)).toBe(short);
  });
});
