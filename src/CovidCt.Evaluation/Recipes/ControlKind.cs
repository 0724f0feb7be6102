namespace CovidCt.Recipes;

/// <summary>What a control gives a classifier in the place of the data.</summary>
public enum ControlKind
{
    /// <summary>The data as they are: what the others are compared with.</summary>
    Real,

    /// <summary>Labels that mean nothing (<c>RandomLabels</c>).</summary>
    RandomLabels,

    /// <summary>Images without the lungs (<c>BackgroundOnly</c>).</summary>
    BackgroundOnly,

    /// <summary>Images without a pixel of their own: their shape on the canvas alone (<c>GeometryOnly</c>).</summary>
    Geometry,

    /// <summary>Labels that mean nothing, one for each source, such as a publication (<c>RandomLabels</c>).</summary>
    SourceLabels,
}
