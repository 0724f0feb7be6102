namespace CovidCt.Audit;

/// <summary>How two images are the same.</summary>
internal enum PairKind
{
    /// <summary>Their files have the same bytes.</summary>
    SameFile,

    /// <summary>Their files differ, their gray pixels don't.</summary>
    SamePixels,

    /// <summary>They show one slice: scaled, cropped at its border, windowed or compressed in another way.</summary>
    SameSlice,

    /// <summary>They look like neighbouring slices of one person, or one slice at two times.</summary>
    LookAlike,
}
