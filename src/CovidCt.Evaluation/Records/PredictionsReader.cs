using System.Globalization;
using CovidCt.Data;
using CovidCt.Progress;

namespace CovidCt.Records;

/// <summary>Reads predictions that other programs wrote.</summary>
internal sealed class PredictionsReader
{
    private const int LongestName = 100, RowsBetweenReports = 10_000, Kibi = 1024;

    // Of two classes named so, the second is the positive one.
    private static readonly (string Negative, string Positive)[] Opposites =
    [
        ("0", "1"), ("0.0", "1.0"), ("-1", "1"), ("false", "true"), ("no", "yes"), ("neg", "pos"), ("negative", "positive"),
    ];

    private readonly EvaluationOptions _options;
    private readonly IProgress<StepProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly PredictionTable _table;
    private long _length, _done;

    /// <param name="options">What is read.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PredictionsReader(EvaluationOptions options, IProgress<StepProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        if (options.Columns.Keys.FirstOrDefault(meaning => !PredictionColumns.Meanings.Contains(meaning)) is { } strange)
        {
            throw new ArgumentException(
                $"No column is read as '{strange}'; what is read is {string.Join(", ", PredictionColumns.Meanings)}.");
        }

        (_options, _progress, _cancellation) = (options, progress, cancellationToken);
        _table = new(options.Groups.Count);
    }

    /// <summary>Reads the files.</summary>
    /// <returns>What is known of the predictions, and they themselves.</returns>
    /// <exception cref="UnusableDataException">A file can't be read, or contradicts itself or another; the message says where.</exception>
    /// <exception cref="GivenPredictions.ColumnException">What is needed is in no column, or may be in several.</exception>
    public (GivenPredictions Given, PredictionTable Table) Read()
    {
        List<Source> sources =
        [
            .. _options.Files.Select(DelimitedFile.Open)
                .Select(file => new Source(file, PredictionColumns.Of(file, _options.Columns), [.. _options.Groups.Select(Group(file))])),
        ];
        RequireGroups(sources);
        RequireNames(sources);
        _length = sources.Sum(source => source.File.Length);
        if (sources.Exists(source => source.Columns.Probability < 0))
        {
            var named = ClassesOf(sources.SelectMany(source => source.File.Rows().Select(row => Label(source, row))));
            sources = [.. sources.Select(source => source with { Columns = source.Columns.WithProbability(source.File, named.Positive) })];
        }

        List<GivenPredictions.File> files = [.. sources.Select(Read)];
        var (names, positive, isGuessed) = ClassesOf(_table.Images.Select(image => image.Label));
        _table.RequireBothClasses(positive);
        return (
            new(
                NameOf(sources),
                _table.GroupBy(positive),
                _table.Models,
                [names.Single(name => name != positive), positive],
                positive,
                isGuessed)
            {
                Files = files,
                FoldNames = _table.FoldNames,
                SeedNames = _table.SeedNames,
                JudgedWith = GivenPredictions.Program,
            },
            _table);
    }

    private GivenPredictions.File Read(Source source)
    {
        var rows = 0;
        var (file, columns) = (source.File, source.Columns);
        foreach (var row in file.Rows())
        {
            if (rows++ % RowsBetweenReports == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }

            _table.Add(
                new(file.Path, row.Line),
                new(Required(source, row, columns.Path, "image"), Label(source, row))
                {
                    Patient = Optional(row.Fields, columns.Patient),
                    Source = Optional(row.Fields, columns.Source),
                    Fold = columns.Fold < 0 ? null : Required(source, row, columns.Fold, "fold"),
                    Groups = [.. source.Groups.Select(column => Optional(row.Fields, column))],
                },
                columns.Model < 0 ? ModelOf(file) : Short(source, row, Required(source, row, columns.Model, "model")),
                columns.Seed < 0 ? "" : Required(source, row, columns.Seed, "seed"),
                Probability(source, row));
        }

        if (rows == 0)
        {
            throw new UnusableDataException($"{file.Path} names columns and has no predictions.");
        }

        _done += file.Length;
        _progress?.Report(new(StepKind.Predictions, (int)(_done / Kibi), (int)(_length / Kibi)));
        return new(
            Path.GetFileName(file.Path),
            file.Sha256,
            rows,
            [
                .. columns.Known.Select(known => new GivenPredictions.Column(known.Meaning, file.Header[known.Column])),
                .. source.Groups.Where(column => column >= 0).Select(column => new GivenPredictions.Column("group", file.Header[column])),
            ]);
    }

    private (IReadOnlyList<string> Names, string Positive, bool IsGuessed) ClassesOf(IEnumerable<string> labels)
    {
        string[] names = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var files = Lists(_options.Files);
        if (names.Length != 2)
        {
            throw new UnusableDataException(names.Length < 2
                ? $"All labels of {files} are '{names.FirstOrDefault()}'; figures take images of two classes."
                : $"{files}: there are {names.Length} classes ({Lists(names.Take(5).Select(name => $"'{name}'"))}"
                    + $"{(names.Length > 5 ? ", …" : "")}); predictions of two are judged here.");
        }

        if (_options.Positive is { } wanted)
        {
            return (names, Array.Find(names, name => name == wanted)
                ?? Array.Find(names, name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                ?? throw new UnusableDataException($"{files}: the class '{wanted}' never occurs; there are {Lists(names)}."), false);
        }

        foreach (var (negative, positive) in Opposites)
        {
            if (names.Contains(negative, StringComparer.OrdinalIgnoreCase) && names.Contains(positive, StringComparer.OrdinalIgnoreCase))
            {
                return (names, names.First(name => name.Equals(positive, StringComparison.OrdinalIgnoreCase)), false);
            }
        }

        return (names, names[DatasetReader.PositiveOf(names)], !DatasetReader.NamesSayPositive(names));
    }

    private static Func<string, int> Group(DelimitedFile file) => name => PredictionColumns.Named(file, name);

    private void RequireGroups(List<Source> sources)
    {
        foreach (var (i, name) in _options.Groups.Index())
        {
            var column = sources.Select(source => source.Groups[i]).Max();
            if (column < 0)
            {
                throw new ArgumentException($"There is no column '{name}' to make groups by; {sources[0].File.Path} has "
                    + $"{Lists(sources[0].File.Header.Select(header => $"'{header}'"))}.");
            }

            if (sources.Exists(source => source.Groups[i] == source.Columns.Path && source.Groups[i] >= 0))
            {
                throw new ArgumentException($"The column '{name}' names the images, each of which would be a group of its own.");
            }
        }
    }

    /// <summary>A file without a column of models is one model, which it names.</summary>
    private static void RequireNames(List<Source> sources)
    {
        var twice = sources.Where(source => source.Columns.Model < 0).GroupBy(source => ModelOf(source.File), StringComparer.Ordinal)
            .FirstOrDefault(files => files.Count() > 1);
        if (twice is not null)
        {
            throw new UnusableDataException($"{Lists(twice.Select(source => source.File.Path))} have no column of models, and would "
                + $"both be the model {twice.Key}, by their name: give them names of their own, or a column 'model'.");
        }
    }

    private string NameOf(List<Source> sources) => _options.Name ?? (sources.Count <= 3
        ? Lists(sources.Select(source => ModelOf(source.File)))
        : $"{ModelOf(sources[0].File)} and {sources.Count - 1} other files");

    private static string ModelOf(DelimitedFile file) => Path.GetFileNameWithoutExtension(file.Path);

    private static string Short(Source source, (int Line, string[] Fields) row, string model) => model.Length <= LongestName ? model
        : throw Fault(source, row, source.Columns.Model, $"the name of the model is longer than {LongestName} characters");

    private static string Label(Source source, (int Line, string[] Fields) row) => Required(source, row, source.Columns.Label, "label");

    private static double Probability(Source source, (int Line, string[] Fields) row)
    {
        var column = source.Columns.Probability;
        var text = Required(source, row, column, "probability");

        // Where semicolons stand between fields, a comma may stand before decimals.
        var number = source.File.Delimiter == ';' && !text.Contains('.', StringComparison.Ordinal)
            ? text.Replace(',', '.')
            : text;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw Fault(source, row, column, $"'{text}' is no number; a probability of the positive class belongs there");
        }

        return value is >= 0 and <= 1
            ? value
            : throw Fault(source, row, column, $"{text} is no probability from 0 to 1; turn logits or per cent into probabilities");
    }

    private static string Required(Source source, (int Line, string[] Fields) row, int column, string what) =>
        Optional(row.Fields, column) ?? throw Fault(source, row, column, $"the {what} is missing");

    private static string? Optional(string[] fields, int column) =>
        column >= 0 && fields[column].Trim() is { Length: > 0 } value ? value : null;

    private static UnusableDataException Fault(Source source, (int Line, string[] Fields) row, int column, string what) =>
        new($"{source.File.Path}, line {row.Line}, column '{source.File.Header[column]}': {what}.");

    private static string Lists(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>A file, what its columns hold, and those of groups, below 0 where it lacks one.</summary>
    private sealed record Source(DelimitedFile File, PredictionColumns Columns, IReadOnlyList<int> Groups);
}
