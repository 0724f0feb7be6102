namespace CovidCt.Recipes;

/// <summary>Which training images an epoch shows.</summary>
public enum RowSampling
{
    /// <summary>Each once.</summary>
    Image,

    /// <summary>
    /// One of each patient, drawn anew in every epoch, so that a patient of many images counts no more than one of few. An image
    /// whose patient is unknown is a patient of its own. An epoch has as many images as there are patients.
    /// </summary>
    Patient,
}
