using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Networks;

namespace CovidCt.Recipes;

/// <summary>What a cross-validated study does: which networks, on which folds, with which recipe.</summary>
public sealed class StudyOptions
{
    /// <summary>The most that <see cref="Seeds"/> can be.</summary>
    internal const int MostSeeds = 100;

    /// <summary>Networks by their published names. No default.</summary>
    [Required, NotEmpty]
    public IReadOnlyList<string> Networks { get; set; } = [];

    /// <summary>
    /// A folder with ImageNet weights: <c>NAME*.safetensors</c>, <c>NAME*.pth</c> or <c>NAME*.pt</c>, or the files of
    /// <see cref="Networks.PublishedWeights"/> as they are published. A network without one starts at random.
    /// Default null: all start at random.
    /// </summary>
    public string? WeightsFolder { get; set; }

    /// <summary>Images to take, with the classes' shares kept; null, the default, takes all.</summary>
    [Range(2, int.MaxValue)]
    public int? MaxImages { get; set; }

    /// <summary>Folds, from 2. Default 5, as in the paper.</summary>
    [Range(2, 1000)]
    public int Folds { get; set; } = 5;

    /// <summary>Whether a patient's images may lie on both sides of a fold. Default by image, as in the paper.</summary>
    public GroupBy GroupBy { get; set; } = GroupBy.Image;

    /// <summary>How an image is brought to the network's input, and the colour around it.</summary>
    [Required]
    public CanvasOptions Canvas { get; set; } = new();

    /// <summary>An input size for all networks in the place of each one's own; null, the default, keeps those.</summary>
    public ImageSize? InputSize { get; set; }

    /// <summary>
    /// What the networks are given in the place of the data, to see what figures are worth: labels that mean nothing, or images
    /// without lungs. Default: the data as they are.
    /// </summary>
    [EnumDataType(typeof(ControlKind))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ControlKind Control { get; set; } = ControlKind.Real;

    /// <summary>
    /// What is asked besides, to see what the figures are worth. It changes no run. Default: <see cref="StudyControls.Features"/>.
    /// </summary>
    [EnumDataType(typeof(StudyControls))]
    [JsonIgnore] // No run depends on it, and a resumed study may be asked for more.
    public StudyControls Controls { get; set; } = StudyControls.Features;

    /// <summary>Decides the folds, the initial values and all that training draws; from 0.</summary>
    [Range(0.0, int.MaxValue)]
    public long Seed { get; set; }

    /// <summary>
    /// How often each network is trained on each fold, each time from a seed of its own; each time after the first is a study of its own
    /// below the study's folder, on the same folds. It changes no run. From 1 to 100; default 1.
    /// </summary>
    [Range(1, MostSeeds)]
    [JsonIgnore] // No run depends on it, and a resumed study may be asked for more.
    public int Seeds { get; set; } = 1;

    /// <summary>
    /// Which of these trainings a study is, from 0: it decides initial values and all that training draws, but no fold. From 0 to 99;
    /// default 0.
    /// </summary>
    [Range(0, MostSeeds - 1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Repetition { get; set; }

    /// <summary>
    /// How often the prediction sets that lie beside the trained networks are to hold the class of an image. It changes no run. From 0.5 to
    /// 0.999; default 0.9.
    /// </summary>
    [Range(0.5, 0.999)]
    [JsonIgnore] // No run depends on it, and a resumed study may be asked for another.
    public double SetLevel { get; set; } = ConformalSets.DefaultLevel;

    /// <summary>
    /// The name of the recipe that <see cref="Training"/> and <see cref="Canvas"/> are of; null, the default, where nobody named one, and
    /// then the defaults are the paper's. It decides nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Recipe { get; set; }

    /// <summary>
    /// What was changed of that recipe, such as <c>--epochs 2</c>; null, the default, where nothing was. It decides nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RecipeChanges { get; set; }

    /// <summary>
    /// Further recipes that networks are trained by on the same folds, each of them a study of its own below the study's folder, so that
    /// one can be chosen: from the simpler to the less simple, all of them less simple than the study's own. It changes no run. Default
    /// none.
    /// </summary>
    [Required]
    [JsonIgnore] // No run depends on it, and a resumed study may be asked for more.
    public IReadOnlyList<Recipe> Recipes { get; set; } = [];

    /// <summary>The recipe.</summary>
    [Required]
    public TrainingOptions Training { get; set; } = new();

    /// <summary>The input size of a network under these options: its canvas, its square when stretched, or the one set.</summary>
    public ImageSize InputOf(BackboneSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return InputSize ?? (Canvas.Fit == CanvasFit.Stretch ? spec.Square : spec.Canvas);
    }

    /// <summary>A copy that shares the parts.</summary>
    public StudyOptions Clone() => (StudyOptions)MemberwiseClone();

    /// <summary>Checks every option, those within options too.</summary>
    /// <exception cref="ArgumentException">One or more are out of their range; the message names each.</exception>
    public void ThrowIfInvalid()
    {
        List<ValidationResult> results =
        [
            .. OptionsValidation.Failures(this), .. OptionsValidation.Failures(Canvas), .. OptionsValidation.Failures(Training),
            .. OptionsValidation.Failures(Training?.Lamb), .. OptionsValidation.Failures(Training?.Augmentation),
            .. Training?.Head is { } head ? OptionsValidation.Failures(head) : [],
        ];
        if (Networks is not null && Networks.CountBy(name => name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
        {
            results.Add(new ValidationResult($"{nameof(Networks)} names {twice} more than once."));
        }

        if (Recipes is not null)
        {
            string[] names = [.. Recipes.Select(recipe => recipe.Name).Append(Recipe ?? CovidCt.Recipes.Recipe.PaperName)];
            results.AddRange(Recipes.SelectMany(recipe => recipe.Failures()).SelectMany(part => part.Failures));
            var repeated = names.CountBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(count => count.Value > 1);
            if (repeated.Key is { } again)
            {
                results.Add(new ValidationResult($"Two recipes are named {again}; give each a name of its own."));
            }
        }

        OptionsValidation.ThrowIfAny(results);
    }
}
