using System.Globalization;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>How often intervals held the truth, by figure.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<string, (int Held, int All)> _counts = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _counts.Keys;

    public double this[string figure] => (double)_counts[figure].Held / _counts[figure].All;

    public void Count(string figure, Interval? interval, double? truth)
    {
        lock (_counts)
        {
            var (held, all) = _counts.GetValueOrDefault(figure);
            _counts[figure] = (held + (interval is not null && interval.Contains(truth!.Value) ? 1 : 0), all + 1);
        }
    }

    public override string ToString() => string.Join(
        Environment.NewLine, _counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key,-40} {this[count.Key]:0.000}  of {count.Value.All}")));
}
