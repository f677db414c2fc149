import { renderPicture } from "./js/picture.js";

export default { render: renderPicture };
