using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CovidCt.Imaging;

namespace CovidCt.Recipes;

/// <summary>
/// All that a training depends on but for its data, networks, folds, seed and machine, under a name: what <see cref="RecipeFile"/> reads.
/// What a recipe leaves out is the paper's.
/// </summary>
public sealed class Recipe
{
    /// <summary>The name of the paper's recipe, which is the default everywhere.</summary>
    public const string PaperName = "paper";

    /// <summary>The paper's recipe.</summary>
    public static Recipe Paper => new() { Name = PaperName, About = "The paper's: LAMB at 3e-4 for 100 epochs, its augmentation." };

    /// <summary>The name: of letters, digits, dots, hyphens and underscores, at most 60.</summary>
    [Required, RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]{0,59}", ErrorMessage =
        "The field Name is to be of letters, digits, dots, hyphens and underscores, at most 60, and to begin with a letter or a digit.")]
    [JsonPropertyName("recipe")]
    public string Name { get; set; } = "";

    /// <summary>What it is, in a sentence or two; null where nobody said.</summary>
    public string? About { get; set; }

    /// <summary>The day on which it was fixed, before any figure of it was seen; null where nobody said.</summary>
    public DateOnly? Fixed { get; set; }

    /// <summary>What was changed of it by whoever used it, such as <c>--epochs 2</c>; null, the default, where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Changed { get; set; }

    /// <summary>How an image is brought to the network's input. Default: the paper's canvas.</summary>
    [EnumDataType(typeof(CanvasFit))]
    public CanvasFit Input { get; set; } = CanvasFit.KeepAspect;

    /// <inheritdoc cref="TrainingOptions.Epochs"/>
    [Range(1, 100_000)]
    public int Epochs { get; set; } = 100;

    /// <inheritdoc cref="TrainingOptions.BatchSize"/>
    [Range(1, 65_536)]
    public int BatchSize { get; set; } = 32;

    /// <inheritdoc cref="TrainingOptions.MicroBatchSize"/>
    [Range(1, 65_536)]
    public int? MicroBatchSize { get; set; }

    /// <inheritdoc cref="TrainingOptions.Train"/>
    [EnumDataType(typeof(NetworkPart))]
    public NetworkPart Train { get; set; } = NetworkPart.All;

    /// <inheritdoc cref="TrainingOptions.Head"/>
    public HeadOptions? Head { get; set; }

    /// <inheritdoc cref="TrainingOptions.LabelSmoothing"/>
    [Range(0.0, 0.5)]
    public double LabelSmoothing { get; set; }

    /// <inheritdoc cref="TrainingOptions.Sampling"/>
    [EnumDataType(typeof(RowSampling))]
    public RowSampling Sampling { get; set; } = RowSampling.Image;

    /// <inheritdoc cref="TrainingOptions.Lamb"/>
    [Required]
    public LambOptions Lamb { get; set; } = LambOptions.Authors;

    /// <inheritdoc cref="TrainingOptions.Augmentation"/>
    [Required]
    public AugmentationOptions Augmentation { get; set; } = new();

    /// <summary>What a study is trained by, without a name where it has none.</summary>
    /// <param name="options">The study's options.</param>
    public static Recipe Of(StudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var training = options.Training;
        return new()
        {
            Name = options.Recipe ?? "",
            Changed = options.RecipeChanges,
            Input = options.Canvas.Fit,
            Epochs = training.Epochs,
            BatchSize = training.BatchSize,
            MicroBatchSize = training.MicroBatchSize,
            Train = training.Train,
            Head = training.Head?.Clone(),
            LabelSmoothing = training.LabelSmoothing,
            Sampling = training.Sampling,
            Lamb = training.Lamb.Clone(),
            Augmentation = training.Augmentation.Clone(),
        };
    }

    /// <summary>Makes a study one by this recipe; its data, networks, folds, seed and machine stay.</summary>
    /// <param name="options">The study's options.</param>
    public void ApplyTo(StudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.Recipe, options.RecipeChanges) = (Name, Changed);
        options.Canvas = new()
        {
            Fit = Input,
            Placement = options.Canvas.Placement,
            Fill = options.Canvas.Fill,
            Seed = options.Canvas.Seed,
        };
        var training = options.Training.Clone();
        (training.Epochs, training.BatchSize, training.MicroBatchSize, training.Train) = (Epochs, BatchSize, MicroBatchSize, Train);
        (training.Head, training.LabelSmoothing, training.Sampling) = (Head?.Clone(), LabelSmoothing, Sampling);
        (training.Lamb, training.Augmentation) = (Lamb.Clone(), Augmentation.Clone());
        options.Training = training;
    }

    /// <summary>Checks every value, those within values too.</summary>
    /// <exception cref="ArgumentException">One or more are out of their range; the message names each.</exception>
    public void ThrowIfInvalid() => OptionsValidation.ThrowIfAny([.. Failures().SelectMany(part => part.Failures)]);

    /// <summary>What is wrong, part by part of its file.</summary>
    internal IEnumerable<(string Part, IReadOnlyCollection<ValidationResult> Failures)> Failures() =>
    [
        ("$", OptionsValidation.Failures(this)), ("$.head", OptionsValidation.Failures(Head)), ("$.lamb", OptionsValidation.Failures(Lamb)),
        ("$.augmentation", OptionsValidation.Failures(Augmentation)),
    ];
}
