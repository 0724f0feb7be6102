using CovidCt.Answers;
using CovidCt.Calibration;
using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>
/// Several trained networks of one kind as one: its probabilities are the means of theirs, and its maps the means of theirs.
/// It may be called from many threads at once.
/// </summary>
/// <remarks>
/// <para>
/// The networks of a study's folds were each tested on images that the others were trained on. No figure of the study is
/// therefore that of their ensemble, and the study's own images can't test it: that takes images, best patients, that no fold
/// has seen.
/// </para>
/// <para>
/// Where networks were trained from several seeds, those of one fold answered about its test images together: an ensemble of all folds and
/// seeds has a calibration and thresholds of its own (<see cref="Calibration"/>, <see cref="Sets"/>), from these means over the seeds. What
/// it answers with is the mean over the folds too, of more networks than any image of the study was answered by without being trained on:
/// both are as right for it as the two means are alike.
/// </para>
/// <para>
/// Of one seed there is nothing of the kind: its calibrated probability is the mean of its members', each by its own calibration. A mean
/// of calibrated probabilities is rather less sure than it could be (Ranjan and Gneiting, "Combining probability forecasts", JRSS B 2010,
/// 72, 71-91). Its prediction set has the classes that are in more than half of its members' sets. Of a new patient each of these holds the
/// class with the probability of its level, and the ensemble's with one of at least twice the level less 1, however the members depend on
/// each other (<see cref="ConformalSets.Majority"/>): 80 % of 90 %; what it comes to is usually the level itself.
/// </para>
/// <para>It is not a medical device, and its answers are not a diagnosis.</para>
/// </remarks>
public sealed class CtEnsemble : ImageClassifier
{
    private readonly IReadOnlyList<CtClassifier> _members;
    private readonly Uses _uses;

    /// <summary>An ensemble that takes its members over and disposes them in the end.</summary>
    /// <param name="members">One or more of one architecture, with the same classes and input.</param>
    /// <exception cref="ArgumentException">
    /// There is none, one is there twice, or they expect or answer different things; they stay the caller's then.
    /// </exception>
    public CtEnsemble(IReadOnlyList<CtClassifier> members) : this(members, new())
    {
    }

    private CtEnsemble(IReadOnlyList<CtClassifier> members, Facts facts)
        : base(First(members).Model with { Folds = facts.Folds, Seeds = facts.Seeds }, First(members).ImageDecoder)
    {
        if (members.Distinct().Count() < members.Count)
        {
            throw new ArgumentException("A member is there twice.", nameof(members));
        }

        if (members.FirstOrDefault(member => !member.Model.IsLike(members[0].Model)) is { } other)
        {
            throw new ArgumentException(
                $"The members of an ensemble expect and answer the same; one is {Described(members[0].Model)}, another "
                    + $"{Described(other.Model)}.", nameof(members));
        }

        if ((facts.Calibration is not null || facts.Sets is not null) && Model.Classes.Count != 2)
        {
            throw new ArgumentException(
                $"The networks tell {Model.Classes.Count} classes apart, and calibration and sets are of two.", nameof(facts));
        }

        (Calibration, Sets) = (facts.Calibration, facts.Sets);
        _members = [.. members];
        _uses = new(this, () => Free(_members));
    }

    /// <summary>The number of networks.</summary>
    public int Count => _members.Count;

    /// <summary>
    /// How the means of its networks' probabilities become calibrated ones, fitted to the answers that the networks of all seeds gave
    /// together about images that they weren't trained on; null of an ensemble of one seed.
    /// </summary>
    public NetworkCalibration? Calibration { get; }

    /// <summary>From which means on classes are in its prediction set, from the same answers; null of an ensemble of one seed.</summary>
    public ConformalSets? Sets { get; }

    /// <summary>Whether it, or else every network, has a calibration, so that answers have a calibrated probability.</summary>
    public override bool IsCalibrated => Calibration is not null || _members.All(member => member.IsCalibrated);

    /// <summary>The level of its sets, or else of every network's; null where one has none, or they have several.</summary>
    public override double? SetLevel =>
        Sets?.Level ?? (_members.Select(member => member.SetLevel).Distinct().ToList() is [{ } one] ? one : null);

    /// <summary>Whether every network carries the features of its training images, so that inputs unlike them are told.</summary>
    public bool HasReference => _members.All(member => member.Reference is not null);

    internal IReadOnlyList<CtClassifier> Members => _members;

    /// <summary>Whether a file is one that <see cref="Save"/> wrote, going by what it says of itself.</summary>
    /// <exception cref="WeightsException">The file is missing, or none of weights.</exception>
    public static bool IsSavedIn(string path)
    {
        using var file = TensorFile.Open(path);
        return EnsembleFile.IsOne(file);
    }

    /// <summary>An ensemble from a file that <see cref="Save"/> wrote: the same to the bit.</summary>
    /// <exception cref="WeightsException">
    /// The file is missing, broken, or no ensemble: a single network is <see cref="CtClassifier"/>'s.
    /// </exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtEnsemble Load(string path) => Load(path, new BackboneFactory());

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="backbones">Makes the networks.</param>
    /// <param name="decoder">Turns files into gray images; null takes <see cref="SkiaImageDecoder"/>.</param>
    /// <param name="device">Where the networks answer.</param>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    public static CtEnsemble Load(
        string path, IBackboneFactory backbones, IImageDecoder? decoder = null, ComputeDevice device = ComputeDevice.Cpu)
    {
        ArgumentNullException.ThrowIfNull(backbones);
        TorchRuntime.EnsureLoaded();
        var there = Devices.Resolve(device);
        using var file = TensorFile.Open(path);
        var (members, facts) = EnsembleFile.Read(file, backbones, decoder, there);
        try
        {
            return Of(members, facts);
        }
        catch (ArgumentException e)
        {
            throw new WeightsException($"{path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes all networks, with the features of their training images, their calibrations and their prediction sets where they carry them,
    /// to one safetensors file, whole or not at all.
    /// </summary>
    /// <remarks>The tensors are written one after the other from where they lie: no copy of them is made.</remarks>
    /// <param name="path">The file; one that is there is replaced, and its folder is made when missing.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        using var use = _uses.Begin();
        var kept = new List<IDisposable>();
        try
        {
            kept.AddRange(_members.Select(member => member.Keep()));
            EnsembleFile.Write(path, this);
        }
        finally
        {
            kept.ForEach(member => member.Dispose());
        }
    }

    /// <inheritdoc/>
    public override Classification Classify(GrayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var use = _uses.Begin();
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        return AnswersTo(_members[0].Prepare(image).Input)[0] with { ImageNote = image.Note };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default)
    {
        using var use = _uses.Begin();
        return InBatches(images, batch => ImageBatches.Answer(batch, _members[0].Prepare, AnswersTo), cancellationToken);
    }

    /// <summary>Classifies a decoded image, and says where the networks saw a class in it.</summary>
    /// <remarks>
    /// The map is the mean of the networks' normalised maps of that class, each in [0, 1], and its score the mean of their
    /// logits. Explanations run beside each other, and while others classify; those at a named layer take turns.
    /// <see cref="ExplainedImage.Answer"/> is what <see cref="Classify(GrayImage)"/> answers, to the bit.
    /// </remarks>
    /// <inheritdoc/>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        using var use = _uses.Begin();
        int? wanted = label is null ? null : ClassOf(label);
        using var scope = NewDisposeScope();
        var (input, geometry) = _members[0].Prepare(image);
        var explained = _members.Select(member => member.Explain(input, options, wanted)).ToList();
        var answer = Together([.. explained.Select(one => one.Answer)], Calibration, Sets);
        var number = wanted ?? ClassOf(answer.Label);

        // A network that answers another class than the ensemble explained that one first.
        var maps = explained.Select((one, i) => one.Map.Class == number ? one.Map : _members[i].Explain(input, options, number).Map)
            .ToList();
        return ExplainedImage.Of(
            answer with { ImageNote = image.Note }, Model.Classes[number], ClassActivationMap.Mean(maps), image, geometry,
            options.LargestSide);
    }

    /// <summary>
    /// Frees the networks. Predictions that are under way are finished, and the last one frees them; later calls end in an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public override void Dispose() => _uses.Dispose();

    private static void Free(IReadOnlyList<CtClassifier> members)
    {
        foreach (var member in members)
        {
            member.Dispose();
        }
    }

    private static CtClassifier First(IReadOnlyList<CtClassifier> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return members.Count > 0 ? members[0] : throw new ArgumentException("An ensemble has at least one member.", nameof(members));
    }

    private IReadOnlyList<Classification> AnswersTo(Tensor input)
    {
        var answers = _members.Select(member => member.Answers(input)).ToList();
        return [.. answers[0].Select((_, image) => Together([.. answers.Select(ofMember => ofMember[image])], Calibration, Sets))];
    }

    /// <summary>Makes an ensemble of members that are made one by one; those that are there are freed when one can't be.</summary>
    internal static CtEnsemble Of(IEnumerable<CtClassifier> members, Facts facts)
    {
        var made = new List<CtClassifier>();
        try
        {
            made.AddRange(members);
            return new(made, facts);
        }
        catch
        {
            made.ForEach(member => member.Dispose());
            throw;
        }
    }

    /// <summary>What is known of an ensemble besides its networks.</summary>
    /// <param name="Folds">How many folds there are of each seed; null where that isn't known.</param>
    /// <param name="Seeds">How many seeds there are; null where that isn't known.</param>
    /// <param name="Calibration">How means of probabilities become calibrated ones; null where nothing says it.</param>
    /// <param name="Sets">From which means on classes are in its set; null where nothing says it.</param>
    internal sealed record Facts(
        int? Folds = null, int? Seeds = null, NetworkCalibration? Calibration = null, ConformalSets? Sets = null);

    private static string Described(ModelDescription model) =>
        $"{model.Network} for {string.Join(", ", model.Classes.Take(20))} (positive: {model.Classes[model.Positive]}) with the input "
            + $"{model.Input}, {model.Fit}";
}
