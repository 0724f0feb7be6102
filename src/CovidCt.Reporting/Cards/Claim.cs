using static CovidCt.Reporting.Cards.Answers;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// The Checklist for Artificial Intelligence in Medical Imaging: Mongan, Moy and Kahn, Radiology: Artificial Intelligence 2020,
/// 2(2), e200029; in the terms of the update by Tejani et al., Radiology: Artificial Intelligence 2024, 6(4), e240300.
/// </summary>
internal static class Claim
{
    public static Checklist Checklist { get; } = new(
        "CLAIM",
        "Mongan, Moy and Kahn, “Checklist for Artificial Intelligence in Medical Imaging (CLAIM)”, Radiology: Artificial Intelligence "
            + "2020, 2(2), e200029.",
        "Numbers are those of 2020. The update by Tejani et al., 2024, 6(4), e240300, numbers anew and prefers other terms, which are "
            + "used here: reference standard for ground truth, testing for validation.",
        [
            new("1", "Title", "That it is a study of AI, and of which kind", Technique),
            new("2", "Abstract", "Design, methods, results and conclusions in a structured summary", Summary),
            new("3", "Background", "The medical and scientific setting, and the role that the method is meant to have", Nobody),
            new("4", "Objectives", "What the study asks, and its hypotheses", Nobody),
            new("5", "Design", "Whether data were collected before or for the study", Retrospective),
            new("6", "Goal", "What kind of study it is: making a model, exploring, showing feasibility or non-inferiority", Goal),
            new("7", "Data sources", "Where the data come from", Source),
            new("8", "Eligibility", "How, where and when people and images were chosen or left out", Eligibility),
            new("9", "Preprocessing", "All that is done to an image before a network sees it", Preprocessing),
            new("10", "Subsets", "Which parts of the data or of the images were chosen", Subsets),
            new("11", "Definitions", "What each variable means, in common terms where there are such", Inputs),
            new("12", "De-identification", "How names and identifiers were taken out", OfDrawings("No image is of a person.")),
            new("13", "Missing data", "What was done about data that are not there", Missing),
            new("14", "Reference standard", "How it is known what each image shows, so that others could repeat it", Standard),
            new("15", "Why this standard", "Why it was preferred to others", OfDrawings("The program knows what it drew.")),
            new("16", "Annotators", "Who made the annotations, with what training", OfDrawings("The program made them.")),
            new("17", "Annotation tools", "What they were made with", OfDrawings("The program made them.")),
            new("18", "Agreement", "How much readers vary, each and between them, and how that was settled", Raters),
            new("19", "Sample size", "How many images were meant to be there, and why as many", Size),
            new("20", "Partitions", "How images were assigned to parts, and in which shares", Partitions),
            new("21", "Disjointness", "What the parts don’t share: images, patients, hospitals", Disjoint),
            new("22", "Model", "Inputs, outputs and layers, so that it could be built again", Model),
            new("23", "Software", "Libraries and frameworks, with versions", Software),
            new("24", "Initial values", "What the parameters began with", Initialization),
            new("25", "Training", "Recipe, augmentation, hyperparameters, number of models", HowTrained),
            new("26", "Selection", "How the final model was chosen", Selection),
            new(
                "27",
                "Ensembles",
                "How models were combined, if they were",
                Always("None for the figures here: each image is answered by one network, the one of its fold.")),
            new("28", "Measures", "By which figures performance is judged", Metrics),
            new("29", "Uncertainty", "Tests and intervals, and how they were computed", Uncertainty),
            new("30", "Robustness", "What was done to see whether results depend on the circumstances", Robustness),
            new("31", "Explanations", "How answers were explained, and how the explanations were checked", MapsShown),
            new("32", "External testing", "Tests on data from elsewhere", ExternalData),
            new("33", "Flow", "How many people and images came in and fell out, as a diagram", Flow),
            new("34", "Characteristics", "Who the people in each part were", Characteristics),
            new("35", "Performance by part", "The figures on every part of the data", AllPartitions),
            new("36", "Estimates", "Diagnostic accuracy with its precision", Estimates),
            new("37", "Failures", "Which images were misclassified, and why", Failures),
            new("38", "Limitations", "Bias, uncertainty, and how far results carry over", Limitations),
            new("39", "Practice", "What follows for practice, and in which role", NoPractice),
            new("40", "Registration", "Registry and number", Nobody),
            new("41", "Protocol", "Where the whole protocol can be read", Protocol),
            new("42", "Funding", "Who paid and supported, and what part they had", Nobody),
        ]);
}
