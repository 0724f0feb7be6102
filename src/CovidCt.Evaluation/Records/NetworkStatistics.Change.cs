using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

public sealed partial record NetworkStatistics
{
    /// <summary>What it changes in a network's figures to compute it in another way: the other way's figures less the network's.</summary>
    /// <param name="Images">In figures of images, with intervals by drawing for both at once what belongs together.</param>
    /// <param name="Patients">The same of patients, each with the mean probability over all images; null where one is unknown.</param>
    public sealed record Change(FigureIntervals Images, FigureIntervals? Patients)
    {
        /// <summary>By how much the area under the ROC curve of patients may differ of what counts as equal.</summary>
        public const double Margin = 0.003;

        /// <summary>
        /// Whether the two ways are shown to be equal: the interval of the difference in the area under the ROC curve of patients lies
        /// within <see cref="Margin"/> on both sides of 0. Not shown is not shown to differ.
        /// </summary>
        public bool IsEquivalent => Patients?.Auc.Interval is { } interval && interval.Low >= -Margin && interval.High <= Margin;

        /// <summary>The change on test images.</summary>
        /// <param name="network">The network's predictions.</param>
        /// <param name="other">Those of the same images in the other way.</param>
        /// <param name="positive">The name of the positive class.</param>
        /// <param name="cancellationToken">Looked at before each resample.</param>
        /// <exception cref="ArgumentException">The two differ in their images, or a probability is not a finite number.</exception>
        /// <exception cref="OperationCanceledException">It was cancelled.</exception>
        public static Change Of(
            IReadOnlyList<Prediction> network, IReadOnlyList<Prediction> other, string positive,
            CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(network);
            ArgumentNullException.ThrowIfNull(other);
            var images = FigureIntervals.OfDifference(other, network, positive, cancellationToken: cancellationToken);
            return new(
                images,
                PatientRows.Of(network, Clusters.Of(network, positive)) is { } patients
                    && PatientRows.Of(other, Clusters.Of(other, positive)) is { } others
                        ? FigureIntervals.OfDifference(
                            others.Rows, patients.Rows, positive, patients.Folds, cancellationToken: cancellationToken)
                        : null);
        }
    }
}
