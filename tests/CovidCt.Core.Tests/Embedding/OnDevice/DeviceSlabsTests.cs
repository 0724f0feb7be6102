using CovidCt.Embedding.OnDevice;
using CsCheck;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

public class DeviceSlabsTests
{
    [Fact]
    public void Slabs_cover_all_rows_waste_little_and_stay_within_their_pairs() =>
        Gen.Select(Gen.Long[3, 400].Array[1, 300], Gen.Long[1, 3000]).Sample((lengths, pairs) =>
        {
            Array.Sort(lengths);
            var next = 0;
            foreach (var (begin, rows, width) in DeviceSlabs.Cuts(lengths, pairs))
            {
                Assert.Equal(next, begin);
                next += rows;
                Assert.Equal(lengths[next - 1], width);
                Assert.True(lengths[begin] >= 0.875 * width);
                Assert.True(rows == 1 || rows * width <= pairs);
            }

            Assert.Equal(lengths.Length, next);
        });
}
