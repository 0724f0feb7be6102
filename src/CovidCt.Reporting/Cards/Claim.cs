using static CovidCt.Reporting.Cards.Answers;

namespace CovidCt.Reporting.Cards;

/// <summary>
/// The Checklist for Artificial Intelligence in Medical Imaging, in its update of 2024: Tejani et al., Radiology: Artificial Intelligence
/// 2024, 6(4), e240300: 44 items.
/// </summary>
internal static class Claim
{
    public static Checklist Checklist { get; } = new(
        "CLAIM",
        "Tejani et al., “Checklist for Artificial Intelligence in Medical Imaging (CLAIM): 2024 Update”, Radiology: Artificial "
            + "Intelligence 2024, 6(4), e240300.",
        "Its 44 items, of which several are not those of 2020 under the same number.",
        [
            new("1", "Title", "That it is a study of AI, and of which kind", Technique),
            new("2", "Abstract", "Design, methods, results and conclusions in a summary", Summary),
            new("3", "Background", "The medical and scientific setting, and the role that the method is meant to have", Nobody),
            new("4", "Objectives", "What the study asks, and its hypotheses", Nobody),
            new("5", "Design", "Whether it looks forward or back: prospective or retrospective", Collection),
            new("6", "Goal", "What kind of study it is: making a model, exploring, showing feasibility or non-inferiority", Goal),
            new("7", "Data sources", "Where the data come from", Source),
            new("8", "Eligibility", "By what people and images were taken in or left out", Eligibility),
            new("9", "Preprocessing", "All that is done to an image before a network sees it", Preprocessing),
            new("10", "Subsets", "Which parts of the data or of the images were chosen", Subsets),
            new("11", "De-identification", "How names and identifiers were taken out", OfDrawings("No image is of a person.")),
            new("12", "Missing data", "What was done about data that are not there", Missing),
            new("13", "Acquisition", "By which protocol the images were made", OfDrawings("The program draws them; there is no scanner.")),
            new("14", "Reference standard", "By which methods it is known what each image shows", Standard),
            new("15", "Why this standard", "Why it was preferred to others", OfDrawings("The program knows what it drew.")),
            new("16", "Annotators", "Who made the annotations of the standard", OfDrawings("The program made them.")),
            new("17", "Annotation of test images", "How test images were annotated", TestLabels),
            new("18", "Agreement", "How much readers vary, each and between them", Raters),
            new("19", "Partitions", "How images were assigned to parts", Partitions),
            new("20", "Disjointness", "What the parts don’t share: images, patients, hospitals", Disjoint),
            new("21", "Sample size", "How many images were meant to be there", Size),
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
            new("31", "Explanations", "How answers were explained", MapsShown),
            new("32", "Internal testing", "Tests on data from the same source", InternalData),
            new("33", "External testing", "Tests on data from elsewhere", ExternalData),
            new("34", "Registration", "Whether a clinical trial was registered, and where", Nobody),
            new("35", "Flow", "How many people or examinations came in and fell out", Flow),
            new("36", "Characteristics", "Who the people in each part were", Characteristics),
            new("37", "Performance by part", "The figures on every part of the data, with their uncertainty", AllPartitions),
            new("38", "Estimates", "Diagnostic accuracy with its precision", Estimates),
            new("39", "Failures", "Which images were misclassified, and why", Failures),
            new("40", "Limitations", "Bias, uncertainty, and how far results carry over", Limitations),
            new("41", "Practice", "What follows for practice, and in which role", NoPractice),
            new("42", "Protocol", "Where the whole protocol and further details can be read", Protocol),
            new("43", "Availability", "Whether software, trained networks and data can be had", Availability),
            new("44", "Funding", "Who paid and supported, and what part they had", Nobody),
        ]);
}
