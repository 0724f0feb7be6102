using CovidCt.Evaluation;
using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>
/// What is known of answers that are no study's, and what is not, in words: of predictions that were made elsewhere
/// (<see cref="ForeignWords"/>), and of a trained network that was tested (<see cref="TestedWords"/>).
/// </summary>
internal abstract class GivenWords
{
    /// <summary>What the report is.</summary>
    public abstract string Kind { get; }

    /// <summary>What stands before the name of the data in titles.</summary>
    public abstract string Title { get; }

    /// <summary>The heading of where the answers come from.</summary>
    public abstract string Heading { get; }

    /// <summary>From what the report is made, after "from".</summary>
    public abstract string MadeFrom { get; }

    /// <summary>What cards say something from, in one or two words.</summary>
    public abstract string FilledFrom { get; }

    /// <summary>What is said where these answers don't say something.</summary>
    public abstract string Silent { get; }

    /// <summary>How what is said of the data begins: the numbers of images follow.</summary>
    public abstract string Data { get; }

    /// <summary>The heading of what went wrong.</summary>
    public abstract string Errors { get; }

    /// <summary>What kind of model answers.</summary>
    public abstract string ModelKind { get; }

    /// <summary>The files of the model; null where none is known.</summary>
    public abstract string? ModelFiles { get; }

    /// <summary>What a reader must not take for known.</summary>
    public abstract string Unknown { get; }

    /// <summary>What is known of the data that the models were trained on.</summary>
    public abstract string TrainingData { get; }

    /// <summary>What a network is here; null where that needs no word.</summary>
    public abstract string? Networks { get; }

    /// <summary>Whether images come from elsewhere than those of training.</summary>
    public abstract string NotFromElsewhere { get; }

    /// <summary>Why there are no controls.</summary>
    public abstract string NoControls { get; }

    /// <summary>Why there is no audit.</summary>
    public abstract string NotAudited { get; }

    /// <summary>Why there are no maps, learning curves and embeddings.</summary>
    public abstract string NoMaps { get; }

    /// <summary>Which images were left out.</summary>
    public abstract string LeftOut { get; }

    /// <summary>Why there are no figures of groups.</summary>
    public abstract string NoGroups { get; }

    /// <summary>From where on images are called positive.</summary>
    public abstract string Threshold { get; }

    /// <summary>Which calibration there is.</summary>
    public abstract string Calibration { get; }

    /// <summary>Which prediction sets there are.</summary>
    public abstract string Sets { get; }

    /// <summary>Whom sets hold for.</summary>
    public abstract string SetsReach { get; }

    /// <summary>What the way of the images is a figure of.</summary>
    public abstract string Flow { get; }

    /// <summary>Where labels come from.</summary>
    public abstract string Labels { get; }

    /// <summary>The words for what is known.</summary>
    public static GivenWords Of(GivenPredictions given) =>
        given.Tested is { } tested ? new TestedWords(tested) : ForeignWords.Instance;

    /// <summary>What was judged.</summary>
    /// <param name="displayNames">Of the models.</param>
    /// <param name="results">Their figures.</param>
    public abstract string Judged(IReadOnlyList<string> displayNames, CrossValidationReport results);

    /// <summary>The same in few words, without a point.</summary>
    /// <param name="models">The names of the models, listed.</param>
    /// <param name="task">What they are asked.</param>
    public abstract string Briefly(string models, string task);

    /// <summary>What is known of the folds.</summary>
    /// <param name="results">The figures.</param>
    /// <param name="folds">How many folds there are.</param>
    public abstract string Folds(CrossValidationReport results, int folds);

    /// <summary>Whether folds share patients, or training and test do.</summary>
    /// <param name="images">The images.</param>
    /// <param name="isOneTest">Whether there are no folds.</param>
    public abstract string SharedPatients(IReadOnlyList<FoldRow> images, bool isOneTest);
}
