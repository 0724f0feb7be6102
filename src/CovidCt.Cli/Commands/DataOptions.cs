using System.CommandLine;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Cli.Commands;

/// <summary>Which data set is asked about, and which of its classes is the positive one.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> _data;

    private readonly Option<string?> _positive = SharedOptions.Text(
        "--positive",
        "NAME",
        "The class that sensitivity and probabilities are of. [default: the one that is named after COVID, else a guess, which is said]");

    private readonly Option<string?> _test =
        SharedOptions.Text("--test", "DIR", "Another data set to test on; all of --data is trained on.");

    private readonly Option<string?> _testPositive = SharedOptions.Text(
        "--test-positive", "NAME", "The positive class of --test. [default: the one of the name of that of --data, if it has one]");

    /// <param name="description">What <c>--data</c> takes.</param>
    public DataOptions(string description) => _data = SharedOptions.Text("--data", "DIR", description);

    /// <summary>What names one data set.</summary>
    public IReadOnlyList<Option> OfOne => [_data, _positive];

    /// <summary>What names another to test on.</summary>
    public IReadOnlyList<Option> OfTest => [_test, _testPositive];

    /// <summary>Whether a data set is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_data) is not null;

    /// <summary>Whether another is named to test on.</summary>
    public bool HasTest(ParseResult parsed) => parsed.GetValue(_test) is not null;

    /// <summary>What folds keep together: what the option says, the only way of two data sets, or null for the default.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="groupBy">The option.</param>
    /// <exception cref="UsageException">Folds are asked for where another data set is tested on.</exception>
    public GroupBy? GroupByOf(ParseResult parsed, Option<string?> groupBy) => (HasTest(parsed), parsed.GetValue(groupBy)) switch
    {
        (true, null or "official") => GroupBy.Official,
        (true, _) => throw new UsageException(
            "--test gives the images to test on, so there are no folds to draw: leave --group-by away."),
        (false, { } way) => FoldWords.Parse(way),
        _ => null,
    };

    /// <summary>Opens what is named; null where nothing is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="decoder">What is to read the images.</param>
    /// <exception cref="UsageException">An option is given without the one that it belongs to.</exception>
    /// <exception cref="ArgumentException">A data set has no class of the name that is given.</exception>
    /// <exception cref="UnusableDataException">There is no data set.</exception>
    public CtDataset? Open(ParseResult parsed, IImageDecoder decoder)
    {
        var (positive, testPositive) = (parsed.GetValue(_positive), parsed.GetValue(_testPositive));
        if (parsed.GetValue(_data) is not { } data)
        {
            return positive is null
                ? null
                : throw new UsageException("--positive takes --data with it: the data set that it is a class of.");
        }

        var dataset = CtDataset.Open(data, positive, decoder);
        if (parsed.GetValue(_test) is { } test)
        {
            return dataset.TestedOn(CtDataset.Open(test, testPositive, decoder));
        }

        return testPositive is null
            ? dataset
            : throw new UsageException("--test-positive takes --test with it: the data set that it is a class of.");
    }

    /// <summary>Says what a person has to know of a data set that no study is made of, which would say it.</summary>
    /// <returns>The data set with what was looked for.</returns>
    public static CtDataset Examined(
        ConsoleOutput console, CtDataset dataset, IImageDecoder decoder, CancellationToken cancellationToken)
    {
        var examined = dataset.WithSampleBits(decoder, cancellationToken);
        foreach (var warning in examined.Warnings)
        {
            console.Warning(warning);
        }

        if (examined.IsPositiveGuessed)
        {
            console.Warning(Remedy.OfGuess);
        }

        return examined;
    }
}
