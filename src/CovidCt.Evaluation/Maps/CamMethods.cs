namespace CovidCt.Maps;

/// <summary>What methods are called.</summary>
internal static class CamMethods
{
    /// <summary>A method's name as papers write it.</summary>
    /// <param name="method">The method.</param>
    public static string InPapers(this CamMethod method) => method switch
    {
        CamMethod.GradCamPlusPlus => "Grad-CAM++",
        CamMethod.LayerCam => "LayerCAM",
        _ => "Grad-CAM",
    };
}
