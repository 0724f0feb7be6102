namespace CovidCt.Recipes;

/// <summary>What a study is asked besides its figures, to see what they are worth.</summary>
public enum StudyControls
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Random labels and images without lungs on features that were fitted to no label, and an audit of maps.</summary>
    Features,

    /// <summary>
    /// That, and the networks trained anew on both, and on random labels by source where sources are known: each as long as the study.
    /// </summary>
    Retrained,
}
