using static CovidCt.Reporting.Cards.Answers;

namespace CovidCt.Reporting.Cards;

/// <summary>STARD-AI: Sounderajah et al., Nature Medicine 2025, 31, 3283-3289: 40 items, with their parts 48.</summary>
internal static class StardAi
{
    public static Checklist Checklist { get; } = new(
        "STARD-AI",
        "Sounderajah et al., “The STARD-AI reporting guideline for diagnostic accuracy studies using artificial intelligence”, Nature "
            + "Medicine 2025, 31, 3283-3289.",
        "Its 40 items have 48 parts, each of which is a row. The index test is the network, the reference standard the label of an image.",
        [
            new(
                "1",
                "Title",
                "That it is a study of the diagnostic accuracy of an AI, with a measure of it in title or abstract",
                Technique),
            new("2", "Abstract", "Design, methods, results and conclusions in a structured summary", Summary),
            new("3", "Background", "The setting, what the test is meant for, whether it is new, and where it fits into work", Nobody),
            new("4", "Objectives", "What the study asks, and its hypotheses", Goal),
            new("5", "Design", "Whether data collection was planned before or after test and reference standard", Collection),
            new("6", "Ethics", "Approval by a committee, or why none is needed", OfDrawings("No image is of a person.")),
            new("7", "Eligibility", "Who and which images came in and which were left out, in that order", Eligibility),
            new(
                "8",
                "Identification",
                "By what people were found: symptoms, earlier tests, a registry",
                OfDrawings("No image is of a person.")),
            new("9", "Setting", "Where and when people were found", OfDrawings("No image is of a person.")),
            new(
                "10",
                "Series",
                "Whether people came consecutively, at random or as was convenient",
                OfDrawings("No image is of a person.")),
            new("11", "Data source", "Whether data were collected routinely, for the study, or come from an open collection", Source),
            new("12", "Annotation", "Who annotated, with what experience, and how", OfDrawings("The program made the annotations.")),
            new("13", "Devices and software", "On what the data were made, and with what software the test", Devices),
            new("14", "Acquisition and preprocessing", "By which protocol images were made, and all that was done to them", Preprocessing),
            new("15a", "Index test", "The test, so that it can be repeated", Model),
            new("15b", "Development", "How it was trained and tested, with the sizes of the parts", HowTrained),
            new("15c", "Cut-offs", "From where on the test is positive, why, and whether that was fixed beforehand", Output),
            new(
                "15d",
                "Users",
                "Who is to use the test, with what expertise",
                Always("A slice has to be chosen by hand and given as an image file.", "Who is to use it, with what training.")),
            new("16a", "Reference standard", "The standard, so that it can be repeated", Standard),
            new("16b", "Why this standard", "Why it was chosen over others", OfDrawings("The program knows what it drew.")),
            new("16c", "Its cut-offs", "From where on the standard is positive, and whether that was fixed beforehand", Classes),
            new(
                "17a",
                "Blinding of the test",
                "Whether readers of the test knew clinical facts or the standard",
                Always("There is no reader: a network sees pixels, and neither label nor clinical facts.")),
            new(
                "17b",
                "Blinding of the standard",
                "Whether assessors of the standard knew clinical facts or the test",
                OfDrawings("The program knows what it drew.")),
            new("18", "Statistical methods", "How accuracy was estimated and compared", Metrics),
            new(
                "19",
                "Indeterminate results",
                "How results that say neither were handled",
                Always(
                    "A network always answers; that an input is unlike the training images is noted, and its answer counts as any other.",
                    "How indeterminate results of the reference standard were handled.")),
            new("20", "Missing data", "How missing results of test or standard were handled", Missing),
            new("21", "Variability", "Analyses of how accuracy varies, and which were planned", Robustness),
            new("22", "Sample size", "How large the study was meant to be, and why", Size),
            new("23", "Errors and fairness", "Analyses of errors, of bias and of fairness", ErrorAnalysis),
            new("24", "Flow", "The way of people through the study, as a diagram", Flow),
            new("25", "Characteristics", "Who the people were and how images were made, in each part", Characteristics),
            new("26a", "Severity", "How severe the disease was in those who have it", Severity),
            new(
                "26b",
                "Other diagnoses",
                "What those have who don’t have it",
                OfDrawings("The drawings are of nobody, and show no other disease.")),
            new("27", "Interval", "Time and treatment between test and standard", OfDrawings("The program knows what it drew.")),
            new("28", "Representativeness", "Whether the share of disease is that where the test is to be used", Prevalence),
            new("29", "External differences", "How an independent data set differs from those of training", Differences),
            new("30", "Cross-tabulation", "Results of the test by those of the standard", CrossTabulation),
            new("31", "Estimates", "Accuracy with its precision", Estimates),
            new("32", "Adverse events", "Harm by test or standard", Harm),
            new("33", "Limitations", "Bias, uncertainty, and how far results carry over", Limitations),
            new("34", "Practice", "What follows for practice, and in which role", NoPractice),
            new("35", "Ethics and fairness of use", "What is ethically at stake when the test is used, and for whom", Nobody),
            new("36", "Registration", "Registry and number", Nobody),
            new("37", "Protocol", "Where the whole protocol can be read", Protocol),
            new("38", "Funding", "Who paid and supported, and what part they had", Nobody),
            new("39", "Commercial interests", "Who stands to earn by it", Nobody),
            new("40a", "Data and code", "Whether and how data and code can be had and used again", Availability),
            new("40b", "Audit", "Whether outputs are kept and can be looked at afterwards", Kept),
        ]);
}
