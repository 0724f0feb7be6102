using CovidCt.Data;
using CovidCt.Recipes;

namespace CovidCt.Studies;

/// <summary>Which images of a data set a study takes.</summary>
internal static class TakenImages
{
    /// <summary>All of them, or as many as the options say.</summary>
    /// <param name="options">What the study is asked to do.</param>
    /// <param name="dataset">The whole data set.</param>
    public static CtDataset TakenFrom(this StudyOptions options, CtDataset dataset) =>
        options.MaxImages is { } most ? dataset.Take(most) : dataset;
}
