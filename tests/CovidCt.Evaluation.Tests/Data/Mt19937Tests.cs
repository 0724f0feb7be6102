using System.Text.Json;
using CovidCt.Data;

namespace CovidCt.Evaluation.Tests.Data;

public class Mt19937Tests
{
    [Fact]
    public void Draws_and_shuffles_equal_NumPy()
    {
        var goldens = JsonSerializer.Deserialize<Golden[]>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "Fixtures", "mt19937-golden.json")), JsonSerializerOptions.Web)!;
        foreach (var golden in goldens)
        {
            var random = new Mt19937(golden.Seed);
            var draws = Enumerable.Range(0, golden.Draws).Select(_ => random.Next()).ToArray();
            var shuffled = Enumerable.Range(0, 1000).ToArray();
            new Mt19937(golden.Seed).Shuffle(shuffled.AsSpan());

            Assert.Equal(golden.First, draws[..8]);
            Assert.Equal(golden.Last, draws[^8..]);
            Assert.Equal(golden.Shuffled, shuffled);
        }

        Assert.NotEmpty(goldens);
    }

    private sealed record Golden(uint Seed, uint[] First, uint[] Last, int Draws, int[] Shuffled);
}
