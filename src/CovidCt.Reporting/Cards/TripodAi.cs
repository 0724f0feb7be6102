using static CovidCt.Reporting.Cards.Answers;

namespace CovidCt.Reporting.Cards;

/// <summary>TRIPOD+AI: Collins et al., BMJ 2024, 385, e078378: 27 items, with their parts 52.</summary>
internal static class TripodAi
{
    public static Checklist Checklist { get; } = new(
        "TRIPOD+AI",
        "Collins et al., “TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use regression or machine "
            + "learning methods”, BMJ 2024, 385, e078378.",
        "Its 27 items have 52 parts, each of which is a row.",
        [
            new("1", "Title", "That a prediction model is developed or evaluated, for whom, and what it predicts", Technique),
            new("2", "Abstract", "A summary by the checklist for abstracts", Summary),
            new("3a", "Context", "The medical setting, why there is a model, and which ones there are already", Nobody),
            new("3b", "Use", "For whom the model is meant, at which point of care, and who is to use it", Nobody),
            new("3c", "Inequalities", "Known inequalities in health between groups of people", Nobody),
            new("4", "Objectives", "What is asked, and whether a model is developed, evaluated or both", Goal),
            new(
                "5a",
                "Data sources",
                "Where the data for development and evaluation come from, why these, and whom they represent",
                Source),
            new("5b", "Dates", "From when to when people were included and followed", OfDrawings("No image is of a person.")),
            new("6a", "Setting", "The kind of care, and the number and places of centres", OfDrawings("No image is of a person.")),
            new("6b", "Eligibility", "Who could be included", Eligibility),
            new("6c", "Treatments", "What treatments people had, and how that was dealt with", OfDrawings("No image is of a person.")),
            new("7", "Preparation", "What was done to data, their quality, and whether in the same way for all groups", Preprocessing),
            new("8a", "Outcome", "What is predicted, how and when it was assessed", Standard),
            new("8b", "Assessors", "Who assessed the outcome where that takes judgement", OfDrawings("The program knows what it drew.")),
            new(
                "8c",
                "Blinding of the outcome",
                "What was hidden from those who assessed it",
                OfDrawings("The program knows what it drew.")),
            new(
                "9a",
                "Choice of predictors",
                "How predictors were chosen before modelling",
                Always("The image alone; no predictor was chosen by the data.")),
            new("9b", "Predictors", "What each is, how and when it was measured", Inputs),
            new(
                "9c",
                "Assessors of predictors",
                "Who measured them where that takes judgement",
                Always("Nobody: pixels are read by the program.")),
            new("10", "Sample size", "How it was determined, for development and evaluation", Size),
            new("11", "Missing data", "How they were handled, and which were left out", Missing),
            new("12a", "Use of data", "Which data served development and which evaluation", Partitions),
            new("12b", "Form of predictors", "How predictors were scaled and transformed", Scaling),
            new("12c", "Model building", "Kind of model, all steps of building it, tuning, and internal testing", HowTrained),
            new("12d", "Clusters", "How differences between centres or countries were handled", Centres),
            new("12e", "Measures", "Figures and plots by which performance is judged, and models compared", Metrics),
            new("12f", "Updating", "How the model was updated after evaluation", Always("It was not updated.")),
            new(
                "12g",
                "Predictions",
                "How predictions are computed for evaluation",
                Always("By the network of the fold that did not train on the image, after the last epoch; predictions.csv has each.")),
            new("13", "Imbalance", "What was done about classes of different size, and about calibration afterwards", Imbalance),
            new(
                "14",
                "Fairness",
                "What was done for fairness between groups, and why",
                Fairness),
            new("15", "Output", "What the model gives, and how a threshold was set", Output),
            new("16", "Development against evaluation", "How the two sets of data differ", Differences),
            new("17", "Ethics", "The approval or waiver, by whom, and consent", OfDrawings("No image is of a person.")),
            new("18a", "Funding", "Who paid, and what part they had", Nobody),
            new("18b", "Interests", "Conflicts of interest of the authors", Nobody),
            new("18c", "Protocol", "Where it can be read, or that there is none", Protocol),
            new("18d", "Registration", "Registry and number, or that there is none", Nobody),
            new("18e", "Data sharing", "Whether and where the data can be had", OfDrawings("The same seed draws the same data.")),
            new("18f", "Code sharing", "Whether and where the code can be had", Code),
            new("19", "Involvement", "How patients and the public took part, or that they did not", Nobody),
            new("20a", "Flow", "How many people and outcomes there were, and the way through the study", Flow),
            new("20b", "Characteristics", "Who the people were, overall and by source", Characteristics),
            new("20c", "Comparison", "How predictors and people differ between development and evaluation", Differences),
            new("21", "Development", "People and outcomes in each analysis", Developed),
            new("22", "Specification", "The whole model, so that others can compute predictions and test it", Specification),
            new("23a", "Performance", "Figures with intervals, for groups of people too", Performance),
            new("23b", "Heterogeneity", "How performance differs between centres", Clusters),
            new("24", "Updating", "What came of updating the model", Always("It was not updated.")),
            new("25", "Interpretation", "What the results mean, also for fairness, beside objectives and earlier studies", Interpretation),
            new("26", "Limitations", "Limitations, and what they do to bias, uncertainty and transfer", Limitations),
            new(
                "27a",
                "Bad input",
                "How input that is poor or missing has to be handled in use",
                Always(
                    "Files that are no readable images are refused, each with its reason.",
                    "How users are to judge whether an image is of the right kind and quality.")),
            new(
                "27b",
                "Users",
                "Whether users have to handle the input or the model, and what they must know",
                Always("A slice has to be chosen by hand and given as an image file.", "Who is to use it, with what training.")),
            new("27c", "Next steps", "What research comes next, and how far results carry over", Nobody),
        ])
    {
        InAStudy = "The outcome is the class of an image, the only predictor the image.",
    };
}
