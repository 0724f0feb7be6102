using System.Globalization;
using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>Predictions of several models about the same images, as they are read: what contradicts what came before is refused.</summary>
/// <param name="groups">By how many columns images are grouped.</param>
internal sealed class PredictionTable(int groups)
{
    private const int MostFolds = 1000, MostSeeds = 100;

    private readonly Dictionary<string, Image> _images = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Dictionary<string, Dictionary<Image, (double Probability, Place At)>>> _models =
        new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _folds, _seeds;

    /// <summary>The images.</summary>
    public IEnumerable<Image> Images => _images.Values;

    /// <summary>The names of the models, ordinal.</summary>
    public IReadOnlyList<string> Models => [.. _models.Keys];

    /// <summary>The names of the folds, by number, where they are no numbers themselves.</summary>
    public IReadOnlyList<string> FoldNames => Folds.All(name => NumberOf(name) is not null) ? [] : Folds;

    /// <summary>The names of the seeds, where there are several.</summary>
    public IReadOnlyList<string> SeedNames => Seeds.Count > 1 ? Seeds : [];

    private IReadOnlyList<string> Folds => _folds ??= Ordered(Images.Select(image => image.Fold).OfType<string>());

    private IReadOnlyList<string> Seeds => _seeds ??= Ordered(_models.Values.SelectMany(model => model.Keys));

    /// <summary>Adds an answer.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="image">About which image, as far as it is said there.</param>
    /// <param name="model">Whose.</param>
    /// <param name="seed">From which seed; empty where none is named.</param>
    /// <param name="probability">That of the positive class.</param>
    /// <exception cref="UnusableDataException">
    /// The model answered about the image before, or another answer says other things of it.
    /// </exception>
    public void Add(Place at, Image image, string model, string seed, double probability)
    {
        if (_images.TryGetValue(image.Path, out var known))
        {
            Merge(known, image, at);
        }
        else
        {
            image.At = at;
            (image.Label, image.Fold) = (Shared(image.Label)!, Shared(image.Fold));
            (image.Patient, image.Source) = (Shared(image.Patient), Shared(image.Source));
            _images.Add(image.Path, known = image);
        }

        if (!_models.TryGetValue(model, out var seeds))
        {
            _models.Add(model, seeds = new(StringComparer.Ordinal));
        }

        if (!seeds.TryGetValue(seed, out var answers))
        {
            seeds.Add(seed, answers = []);
        }

        if (!answers.TryAdd(known, (probability, at)))
        {
            throw new UnusableDataException(
                $"{at}: {image.Path} is there a second time, after {answers[known].At}; give each image once for each model and seed.");
        }
    }

    /// <summary>What is known of the folds.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public string GroupBy(string positive)
    {
        if (Folds.Count < 2)
        {
            return CrossValidationReport.GivenTest;
        }

        var parts = from seeds in _models.Values
                    from answers in seeds.Values
                    from fold in answers.Keys.GroupBy(image => image.Fold)
                    select fold.Select(image => image.Label == positive).Distinct().Count();
        return parts.All(classes => classes == 2) ? CrossValidationReport.Given : CrossValidationReport.GivenPooled;
    }

    /// <summary>Refuses models that answered about one class alone, and what folds and seeds can't be.</summary>
    /// <param name="positive">The name of the positive class.</param>
    /// <exception cref="UnusableDataException">There are such.</exception>
    public void RequireBothClasses(string positive)
    {
        foreach (var (model, seeds) in _models)
        {
            if (seeds.Values.SelectMany(answers => answers.Keys).Select(image => image.Label == positive).Distinct().Count() < 2)
            {
                var one = seeds.Values.First().Keys.First();
                throw new UnusableDataException(
                    $"{one.At}: all images of the model {model} are {one.Label}; figures take images of both classes.");
            }

            var (first, images) = (seeds.Keys.First(), seeds.Values.First());
            foreach (var (seed, answers) in seeds.Skip(1))
            {
                if (images.Keys.FirstOrDefault(image => !answers.ContainsKey(image)) is { } lacking)
                {
                    throw Lacks(model, seed, first, lacking);
                }

                if (answers.Keys.FirstOrDefault(image => !images.ContainsKey(image)) is { } further)
                {
                    throw Lacks(model, first, seed, further);
                }
            }
        }

        if (Images.FirstOrDefault(image => image.Fold is null) is { } without
            && Images.FirstOrDefault(image => image.Fold is not null) is { } with)
        {
            throw new UnusableDataException($"{without.At}: the fold of {without.Path} is not given, and that of {with.Path} is, at "
                + $"{with.At}; name the folds of all images, or of none.");
        }

        if (Folds.Count > MostFolds || Seeds.Count > MostSeeds)
        {
            throw new UnusableDataException(Folds.Count > MostFolds
                ? $"There are {Folds.Count} folds, and {MostFolds} can be; is another column that of the folds?"
                : $"There are {Seeds.Count} seeds, and {MostSeeds} can be; is another column that of the seeds?");
        }
    }

    /// <summary>The predictions of the models' first seeds, of their second ones, and so on.</summary>
    public IReadOnlyList<IReadOnlyList<Prediction>> BySeed()
    {
        var numbers = Folds.Index().ToDictionary(
            fold => fold.Item, fold => FoldNames.Count == 0 ? NumberOf(fold.Item)!.Value : fold.Index, StringComparer.Ordinal);
        return
        [
            .. Enumerable.Range(0, _models.Values.Max(seeds => seeds.Count)).Select(place => (IReadOnlyList<Prediction>)
            [
                .. from model in _models
                   where place < model.Value.Count
                   from answer in model.Value[Ordered(model.Value.Keys)[place]]
                   let image = answer.Key
                   select new Prediction(
                       image.Path, image.Label, image.Patient, model.Key, image.Fold is { } fold ? numbers[fold] : 0,
                       answer.Value.Probability)
                   { Source = image.Source },
            ]),
        ];
    }

    /// <summary>What is known of the images by further columns; null where none is asked for.</summary>
    /// <param name="names">The names of the columns.</param>
    public ImageColumns? Columns(IReadOnlyList<string> names) => groups == 0
        ? null
        : new(names, Images.ToDictionary(
            image => image.Path, image => CtSample.ColumnsOf(names.Zip(image.Groups)), StringComparer.Ordinal));

    private static UnusableDataException Lacks(string model, string seed, string other, Image image) => new(
        $"{image.At}: the model {model} has {image.Path} from seed {other} and not from seed {seed}; give all seeds of a model the same "
        + "images.");

    private void Merge(Image known, Image said, Place at)
    {
        if (said.Label != known.Label)
        {
            throw Contradicts("label", known.Label, said.Label);
        }

        known.Patient = Agreed("patient", known.Patient, said.Patient);
        known.Source = Agreed("source", known.Source, said.Source);
        known.Fold = known.Fold == said.Fold ? known.Fold : throw Contradicts("fold", known.Fold, said.Fold);
        for (var i = 0; i < groups; i++)
        {
            known.Groups[i] = Agreed("group", known.Groups[i], said.Groups[i]);
        }

        // One file may know what another doesn't.
        string? Agreed(string what, string? before, string? now) => before is null ? Shared(now) : now is null || now == before ? before
            : throw Contradicts(what, before, now);

        UnusableDataException Contradicts(string what, string? before, string? now) => new(
            $"{at}: the {what} of {known.Path} is {Quoted(now)}, and {Quoted(before)} at {known.At}; an image has one.");

        static string Quoted(string? name) => name is null ? "not given" : $"'{name}'";
    }

    private string? Shared(string? text)
    {
        if (text is not null && !_texts.TryGetValue(text, out var known))
        {
            _texts.Add(text, text);
            return text;
        }

        return text is null ? null : _texts[text];
    }

    /// <summary>Numbers by their size where all are, else by name.</summary>
    private static IReadOnlyList<string> Ordered(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct(StringComparer.Ordinal)];
        return Array.TrueForAll(all, name => NumberOf(name) is not null)
            ? [.. all.OrderBy(name => NumberOf(name))]
            : [.. all.Order(StringComparer.Ordinal)];
    }

    private static int? NumberOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Where something is said.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Line">The line, from 1.</param>
    public readonly record struct Place(string File, int Line)
    {
        /// <summary>As it stands before what is wrong.</summary>
        public override string ToString() => FormattableString.Invariant($"{File}, line {Line}");
    }

    /// <summary>What is said of an image.</summary>
    /// <param name="path">What names it.</param>
    /// <param name="label">The name of its class.</param>
    public sealed class Image(string path, string label)
    {
        /// <summary>What names it.</summary>
        public string Path { get; } = path;

        /// <summary>The name of its class.</summary>
        public string Label { get; set; } = label;

        /// <summary>Whose it is; null where that is unknown.</summary>
        public string? Patient { get; set; }

        /// <summary>Where it comes from; null where that is unknown.</summary>
        public string? Source { get; set; }

        /// <summary>Which fold tested it; null where none is named.</summary>
        public string? Fold { get; set; }

        /// <summary>Its values in the columns of groups; null where one is unknown.</summary>
        public string?[] Groups { get; set; } = [];

        /// <summary>Where it is named first.</summary>
        public Place At { get; set; }
    }
}
