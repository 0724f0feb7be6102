using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Evaluation;

public sealed class PatientPredictionTests
{
    [Fact]
    public void A_patient_has_the_mean_over_the_slices_of_all_folds()
    {
        var patients = PatientPrediction.From(
        [
            Of("b1", "COVID", "b", 0.5),
            Of("a1", "COVID", "a", 0.75),
            Of("a2", "COVID", "a", 0.25, fold: 1),
            Of("a3", "COVID", "a", 1, fold: 2),
            Of("a1", "COVID", "a", 0, network: "xception"),
        ]);

        Assert.Equal(
            [
                new("a", "COVID", "resnet18", 3, 2.0 / 3),
                new("b", "COVID", "resnet18", 1, 0.5),
                new PatientPrediction("a", "COVID", "xception", 1, 0),
            ],
            patients);
    }

    [Fact]
    public void They_are_written_with_digits_that_round_trip()
    {
        using var folder = new TemporaryFolder();

        PatientPrediction.Write(folder["patients.csv"], [new("a, \"b\"", "COVID", "resnet18", 3, 2.0 / 3)]);

        Assert.Equal("patient,label,network,images,probability\n\"a, \"\"b\"\"\",COVID,resnet18,3,0.6666666666666666\n", File.ReadAllText(folder["patients.csv"]));
    }

    [Fact]
    public void Figures_of_merit_take_them()
    {
        var patients = PatientPrediction.From(
            [Of("a1", "COVID", "a", 0.9), Of("a2", "COVID", "a", 0.3), Of("b1", "non-COVID", "b", 0.7), Of("b2", "non-COVID", "b", 0.1)]);

        var figures = FiguresOfMerit.From([.. patients.Select(patient => (patient.Label == "COVID", patient.Probability))]);

        Assert.Equal((1.0, 1.0), (figures.Accuracy, figures.Auc));
    }

    [Fact]
    public void A_patient_of_two_labels_counts_for_each() => Assert.Equal(
        [("COVID", 1, 0.9), ("non-COVID", 2, 0.2)],
        PatientPrediction.From([Of("a1", "non-COVID", "a", 0.1), Of("a2", "COVID", "a", 0.9), Of("a3", "non-COVID", "a", 0.3)])
            .Select(patient => (patient.Label, patient.Images, patient.Probability)));

    [Fact]
    public void Nothing_is_of_nobody() => Assert.Empty(PatientPrediction.From([]));

    [Fact]
    public void What_can_t_be_counted_is_named()
    {
        Assert.Contains("a1", Error(Of("a1", "COVID", null, 0.5)), StringComparison.Ordinal);
        Assert.Contains("a1", Error(Of("a1", "COVID", "a", double.NaN)), StringComparison.Ordinal);
        Assert.Contains("a1 is there twice", Error(Of("a1", "COVID", "a", 0.5), Of("a1", "COVID", "a", 0.6, fold: 1)), StringComparison.Ordinal);
    }

    private static string Error(params Prediction[] predictions) => Assert.Throws<ArgumentException>(() => PatientPrediction.From(predictions)).Message;

    private static Prediction Of(string path, string label, string? patient, double probability, int fold = 0, string network = "resnet18") =>
        new(path, label, patient, network, fold, probability);
}
