namespace CovidCt.Statistics;

/// <summary>The figure that recipes are chosen by: its mean over the folds.</summary>
public enum ChoiceFigure
{
    /// <summary>The area under the ROC curve.</summary>
    Auc,

    /// <summary>The share of images that were classified rightly at a threshold of one half.</summary>
    Accuracy,
}
